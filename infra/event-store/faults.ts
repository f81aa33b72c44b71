/** The store's queue is full: nothing was written, try again later. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** The store did not answer: the outcome of an append is in doubt until the same command id is sent again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

export type RefusalReason =
  | 'access-denied'
  | 'not-authenticated'
  | 'bad-request'
  | 'invalid-transaction'
  | 'append-too-large'
  | 'event-too-large'
  | 'invalid-position'
  | 'unsupported'

/** The store refuses what it was asked, and would refuse it again: nothing was written. The message says what is wrong and what to do. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
