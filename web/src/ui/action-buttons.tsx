import { Button, Flex } from 'antd'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'

/** One button an action that this person may take now; the one that is chosen is pressed. */
export const ActionButtons = <A extends string>({
  actions,
  main,
  words,
  chosen,
  choose,
}: {
  actions: readonly A[]
  /** Those that take the case forward. */
  main: readonly A[]
  words: Record<A, Words>
  chosen: A | null
  choose: (action: A) => void
}) => {
  const { t } = useLanguage()
  return (
    <Flex gap={8} wrap>
      {actions.map((a) => (
        <Button
          key={a}
          type={main.includes(a) ? 'primary' : 'default'}
          ghost={main.includes(a) && chosen !== a}
          onClick={() => choose(a)}
          aria-pressed={chosen === a}
        >
          {t(words[a])}
        </Button>
      ))}
    </Flex>
  )
}
