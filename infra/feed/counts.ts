/** What went through the feeds of a process, since it began. */
export interface FeedCounts {
  /** Events that came from Kafka. */
  told: number
  /** Events that were read from the store instead. */
  refetched: number
  holes: number
  duplicates: number
  /** Records of another epoch of the log. */
  foreign: number
  unreadable: number
}

export const noCounts = (): FeedCounts => ({
  told: 0,
  refetched: 0,
  holes: 0,
  duplicates: 0,
  foreign: 0,
  unreadable: 0,
})
