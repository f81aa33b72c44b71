/** The store's queue is full: nothing was written, try again later. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** The store did not answer: the outcome of an append is in doubt until the same command id is sent again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
