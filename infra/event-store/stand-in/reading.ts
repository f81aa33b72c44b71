import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { streams } from './stubs.ts'
import type { EventStore, RecordedEvent, Subscription } from '../port.ts'
import { requiresLeader } from './appending.ts'
import type { Behaviour } from './behaviour.ts'
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  nameOf,
  noStreamMessage,
} from './messages.ts'
import { positionBelow, storedOf, wirePosition, type Stored } from './records.ts'
import type { Fault, Script } from './script.ts'
import { begins, cancelled, deleted, notLeader, Refusal, tooSlow, troubleOf, unsupported } from './trouble.ts'
import type { View } from './view.ts'

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>
type Options = streams.ReadReq.Options

const PAGE = 500

/** Reads of a stream or of `$all`, in both directions, and subscriptions to `$all`. `created` gives the moment that is told of an event. */
export function openReading(
  store: Pick<EventStore, 'subscribe'>,
  view: View,
  script: Script,
  tombstones: ReadonlySet<string>,
  behaviour: Behaviour,
  created: (event: Stored) => bigint,
): (call: ReadCall) => void {
  async function read(call: ReadCall): Promise<void> {
    const options = call.request.getOptions()
    if (!options) throw unsupported('a read without options')
    const subscribes = options.hasSubscription()
    const fault = script.next(subscribes ? 'subscribe' : 'read')
    if (!(await begins(fault))) return
    if (options.hasAll() && behaviour.refusesAll) throw new Refusal('AccessDenied')
    if (behaviour.state !== 'leader' && requiresLeader(call.metadata)) admitsReads()
    if (subscribes) return follow(call, options, fault)
    const send = sender(call)
    const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS
    const stream = options.getStream()
    const events = stream ? await ofStream(stream, forwards) : ofAll(options, forwards)
    if (!events) await send(noStreamMessage(nameOf(stream?.getStreamIdentifier())))
    else await sendAtMost(Number(options.getCount()), events, send)
    call.end()
  }

  /**
   * What a node that does not lead does with a read that requires a leader (ClusterVNodeController of the server). One that was a leader a moment
   * ago, or will be one, or believes to be one, answers from what it has.
   */
  function admitsReads(): void {
    const { state, leader, tellsLeader, readsWithoutLeader } = behaviour
    if (state === 'follower') throw leader && tellsLeader ? notLeader(leader) : new Refusal('NoLeader')
    if ((state === 'unknown' || state === 'discover-leader') && !readsWithoutLeader) throw new Refusal('NotReady')
  }

  async function sendAtMost(
    count: number,
    events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>,
    send: Send,
  ): Promise<void> {
    if (count <= 0) return
    let left = count
    for await (const event of events) {
      await send(messageOf(event))
      if (--left === 0) return
    }
  }

  function messageOf(event: RecordedEvent): streams.ReadResp {
    const stored = storedOf(event)
    return eventMessage(stored, created(stored))
  }

  async function ofStream(
    asked: streams.ReadReq.Options.StreamOptions,
    forwards: boolean,
  ): Promise<readonly RecordedEvent[] | undefined> {
    const name = nameOf(asked.getStreamIdentifier())
    if (tombstones.has(name)) throw deleted(name)
    const revision = asked.hasRevision() ? Number(asked.getRevision()) : undefined
    const all = await view.readStream(name, forwards && revision !== undefined ? revision + 1 : 1)
    if (all.length === 0 && (await view.readStream(name)).length === 0) return undefined
    if (forwards) return asked.hasEnd() ? [] : all
    return (
      asked.hasStart()
        ? all.slice(0, 1)
        : all.filter((event) => revision === undefined || event.revision <= revision + 1)
    ).toReversed()
  }

  /** From a position means with the event that lies there, forwards; backwards it means those before it. */
  async function* ofAll(options: Options, forwards: boolean): AsyncGenerator<RecordedEvent> {
    if (forwards) {
      for (let after = await startOf(options); ; ) {
        const page = await view.readAll(after, PAGE)
        yield* page
        if (page.length < PAGE) return
        after = page.at(-1)?.position ?? after
      }
    }
    // Our stores number events without a gap, so a page that ends at a position begins a page before it.
    for (let upTo = await startOf(options); upTo > 0; upTo -= PAGE) {
      const page = await view.readAll(Math.max(0, upTo - PAGE), Math.min(PAGE, upTo))
      yield* page.toReversed()
    }
  }

  async function startOf(options: Options): Promise<number> {
    const all = options.getAll()
    if (all?.hasEnd()) return view.head()
    const position = all?.getPosition()
    return position ? positionBelow(known(position.getCommitPosition())) : 0
  }

  /** A position on the wire is the beginning of a record, or it is refused: one of before a restore mostly is not. */
  function known(commit: string): bigint {
    const position = BigInt(commit)
    if (position % wirePosition(1) !== 0n) throw new Refusal('InvalidPosition')
    return position
  }

  async function follow(call: ReadCall, options: Options, fault: Fault | undefined): Promise<void> {
    if (!options.hasAll()) throw unsupported('subscriptions to one stream')
    const send = sender(call, fault?.kind === 'slow-reader' ? fault.milliseconds : undefined)
    await send(confirmationMessage(randomUUID()))
    const head = await view.head()
    if (fault?.kind === 'checkpoint-ahead') await send(checkpointMessage(wirePosition(head)))
    if (fault?.kind === 'deaf') return

    const passes = filterOf(options)
    // Unlike a read, a subscription begins behind the position that it is given.
    const position = options.getAll()?.getPosition()
    const after = position ? positionBelow(known(position.getCommitPosition()) + 1n) : await startOf(options)
    let left = fault?.kind === 'cancelled' ? fault.after : Number.POSITIVE_INFINITY
    let behind = after < head
    if (!behind) await send(caughtUpMessage())
    const gone = new AbortController()
    const subscription: Subscription = store.subscribe(after, async (page) => {
      for (const event of page) {
        if (!(await view.shown(event.position, gone.signal))) return
        if (!passes(event)) continue
        if (left-- === 0) throw cancelled()
        await send(messageOf(event))
      }
      const reached = page.at(-1)?.position ?? 0
      if (options.hasFilter()) await send(checkpointMessage(wirePosition(reached)))
      if (behind && reached >= head) {
        behind = false
        await send(caughtUpMessage())
      }
    })
    const stop = (): void => {
      gone.abort()
      void subscription.stop()
    }
    call.on('cancelled', stop)
    call.on('close', stop)
    await subscription.done
  }

  return (call) => {
    call.on('error', () => undefined)
    read(call).catch((error: unknown) => {
      if (!call.cancelled) call.emit('error', troubleOf(error))
    })
  }
}

type Send = (message: streams.ReadResp) => Promise<void>

/** Sends as fast as the reader takes it; a reader who lets the channel stay full for `patience` milliseconds is dropped. */
function sender(call: ReadCall, patience?: number): Send {
  const gone = new AbortController()
  call.on('cancelled', () => gone.abort())
  return async (message) => {
    if (call.cancelled || call.write(message)) return
    const drained = once(call, 'drain', { signal: gone.signal }).catch(() => undefined)
    if (patience === undefined) return void (await drained)
    const slow = Symbol('slow')
    if ((await Promise.race([drained, delay(patience, slow)])) !== slow) return
    // No word of it before (FellBehind): the server has a message for that and does not send it.
    throw tooSlow()
  }
}

function filterOf(options: Options): (event: RecordedEvent) => boolean {
  const filter = options.getFilter()
  if (!filter) return () => true
  const byType = filter.getEventType()
  const expression = byType ?? filter.getStreamIdentifier()
  const regex = new RegExp(expression?.getRegex() ?? '')
  const prefixes = expression?.getPrefixList() ?? []
  return (event) => {
    const name = byType ? event.type : event.stream
    return prefixes.length > 0 ? prefixes.some((prefix) => name.startsWith(prefix)) : regex.test(name)
  }
}
