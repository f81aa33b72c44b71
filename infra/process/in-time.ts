/** What `work` gives, unless that takes longer than so many milliseconds; what comes of it later is nobody's then. @throws `late()` */
export async function inTime<T>(
  work: Promise<T>,
  milliseconds: number,
  late = (): Error => new Error(`no answer in ${milliseconds} ms`),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late()), milliseconds)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
