/** Names that come nearest to one that was given, at most three: what the sender may have meant. */
const MOST = 3

/**
 * The nearest of `known` names to `given`, the nearest first and equally near ones in the order of their names; none where all are far off.
 * Letter case and hyphens are no distance. A name that begins with what was given, or is its beginning, counts as near.
 */
export function nearest(given: string, known: Iterable<string>): readonly string[] {
  const wanted = bare(given)
  if (wanted === '' || wanted.length > MOST_LETTERS) return []
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return [...new Set(known)]
    .map((name) => ({ name, distance: between(wanted, bare(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name)
}

// Codes and names of fields are short; a text of a page is not one that was mistyped.
const MOST_LETTERS = 40

const bare = (name: string): string => name.toLowerCase().replace(/[-\s]/g, '')

function between(given: string, name: string): number {
  if (given === name) return 0
  if (given.length > 1 && name !== '' && (name.startsWith(given) || given.startsWith(name))) return 1
  return edits(given, name)
}

/** Insertions, deletions, replacements and exchanges of neighbours that lead from one text to the other (optimal string alignment). */
function edits(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, row] = [row, next]
  }
  return row[b.length] ?? 0
}
