import type { Unit } from '../../../schemas/unit/state.ts'
import { cityOf, DEFAULT_CITY } from '../../../schemas/values/division.ts'
import type { Place } from '../../../schemas/values/place.ts'

interface Left {
  readonly lots: readonly { readonly from: Place }[]
}

/**
 * Where a load is moved from (令第23号 第十五条; readings R48): province and city of the site of each facility that its lots leave. A facility
 * without a site, or a site without a division, lies where the park lies.
 */
export function placesLeft(
  { facilities, sites }: Pick<Unit, 'facilities' | 'sites'>,
  lines: readonly Left[],
  parkCity: string = DEFAULT_CITY,
): readonly string[] {
  const cities = lines.flatMap(({ lots }) =>
    lots.map(({ from }) => {
      const facility = Object.hasOwn(facilities, from.place) ? facilities[from.place] : undefined
      const site = facility?.site
      const division = site !== undefined && Object.hasOwn(sites, site) ? sites[site]?.division : undefined
      return division === undefined ? parkCity : cityOf(division)
    }),
  )
  return cities.length > 0 ? [...new Set(cities)] : [parkCity]
}
