import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A test inside workerd waits half a minute for one thing. It begins first, so that the run does not end with it. */
const isBegunFirst = ({ project }: TestSpecification): boolean => project.name.startsWith('integration:')

/** Vitest's own order, except that the integration tests come first in their group. */
export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted(
      (left, right) =>
        groupOf(left) - groupOf(right) || Number(isBegunFirst(right)) - Number(isBegunFirst(left)),
    )
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
