import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Projects whose files begin first: a test inside workerd waits half a minute for one thing, and those of the simulation
 * and of security are long. The run then ends with short files, and no core is idle.
 */
const BEGUN_FIRST = [/^integration:/, /^(simulation|security)$/]

/** Files that are long although they are small: without times of an earlier run, Vitest begins with the largest ones. */
const LONG = ['bridge-object', 'idempotency', 'guessing', 'documented-calls', 'open-orders']

const isLong = (moduleId: string): boolean => LONG.some((name) => moduleId.endsWith(`/${name}.test.ts`))

const rankOf = ({ project, moduleId }: TestSpecification): number => {
  const rank = BEGUN_FIRST.findIndex((projects) => projects.test(project.name))
  if (rank >= 0) return rank
  return BEGUN_FIRST.length + (isLong(moduleId) ? 0 : 1)
}

/** Vitest's own order, except for these projects and files in their group. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => groupOf(left) - groupOf(right) || rankOf(left) - rankOf(right))
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
