export interface NodeSettings {
  /** From 1. */
  readonly id: number
  readonly folder: string
  /** Of every node, in order of ids. */
  readonly brokerPorts: readonly number[]
  readonly controllerPorts: readonly number[]
}

/** server.properties of one combined node (broker and controller). Replicas: all nodes, up to 3; a write needs all but one of them. */
export function nodeProperties({ id, folder, brokerPorts, controllerPorts }: NodeSettings): string {
  const replicas = Math.min(3, brokerPorts.length)
  const inSync = Math.max(1, replicas - 1)
  const broker = `PLAINTEXT://127.0.0.1:${brokerPorts[id - 1]}`
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': controllerPorts.map((port, i) => `${i + 1}@127.0.0.1:${port}`).join(','),
    listeners: `${broker},CONTROLLER://127.0.0.1:${controllerPorts[id - 1]}`,
    'advertised.listeners': broker,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    // A new group need not wait for more members, and may find out quickly that one died.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    // A broker that comes back after a kill is let in once the session of the one that died has ended: 9 s by default.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    // A node that cannot register in time gives up (60 s by default); on a machine that is busy with much else it may take longer.
    'initial.broker.registration.timeout.ms': 180_000,
    'log.segment.bytes': 16_777_216,
    'log.index.size.max.bytes': 1_048_576,
    // Retention is looked at often, so that a test can see it happen.
    'log.retention.check.interval.ms': 1_000,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'log.cleaner.threads': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 1,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
