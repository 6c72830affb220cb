import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Projects whose files begin first: a test inside workerd waits half a minute for one thing, and those of the simulation
 * and of security are long. The run then ends with short files, and no core is idle.
 */
const BEGUN_FIRST = [/^integration:/, /^(simulation|security)$/]

const rankOf = ({ project }: TestSpecification): number => {
  const rank = BEGUN_FIRST.findIndex((projects) => projects.test(project.name))
  return rank < 0 ? BEGUN_FIRST.length : rank
}

/** Vitest's own order, except for these projects in their group. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => groupOf(left) - groupOf(right) || rankOf(left) - rankOf(right))
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
