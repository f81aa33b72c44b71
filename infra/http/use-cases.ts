import type { UseCase, UseCases } from '../commanding/execute.ts'
import type { CommandRoute } from './command-route-types.ts'

/** The use cases behind routes, by their paths, and back. Of a use case behind two routes the first is its path. */
export function useCasesOf(routes: readonly CommandRoute[]): UseCases {
  const useCases = new Map<string, UseCase>(routes.map((route) => [route.path, route.perform]))
  const paths = new Map<UseCase, string>(routes.toReversed().map((route) => [route.perform, route.path]))
  return { of: (path) => useCases.get(path), pathOf: (useCase) => paths.get(useCase) }
}
