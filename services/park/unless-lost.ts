import type { Park } from './open.ts'

/**
 * Does something in a park, unless the embedded PostgreSQL ends under it: then there is nothing to wait for.
 * @throws Error with one line that says so, and that the command may be run again
 */
export function unlessLost<T>({ lost }: Pick<Park, 'lost'>, work: () => Promise<T>): Promise<T> {
  return Promise.race([
    work(),
    lost.then((said): never => {
      throw new Error(`${said}; what was recorded stays, run the command again once the server can start`)
    }),
  ])
}
