import { Tag } from 'antd'
import type { SharedView } from '../../../../src/capabilities/repair/contract.ts'
import { FACT_VIA_WORDS, FACT_WORDS } from '../../../../src/capabilities/repair/words.facts.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, listWords } from '../../ui/format.ts'

const W = {
  title: { zh: '已经掌握的情况（无需再填）', en: 'Known already (nothing to fill in)' },
  by: { zh: '{authority}于{day}记录，{via}', en: '{authority}, {day}, {via}' },
  reference: { zh: '，凭证号{no}', en: ', reference {no}' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  material: { zh: '已由{authority}共享，无需提交', en: 'Shared by {authority}: need not be handed in' },
} as const satisfies Record<string, Words>

/** What authorities shared, each with where it comes from. */
export const SharedFacts = ({ facts, title = W.title }: { facts: readonly SharedView[]; title?: Words }) => {
  const { t, lang } = useLanguage()
  if (!facts.length) return null
  return (
    <div style={{ marginTop: 8 }}>
      <strong>{t(title)}</strong>
      <ul style={{ margin: '4px 0', paddingInlineStart: 18 }}>
        {facts.map((f) => (
          <li key={f.fact}>
            {t(FACT_WORDS[f.fact])} <Tag color={f.value ? 'green' : 'orange'}>{t(f.value ? W.yes : W.no)}</Tag>
            <div className="xh-quiet">
              {t(W.by, { authority: f.authorityName, day: dayWords(f.on, lang), via: t(FACT_VIA_WORDS[f.via]) })}
              {f.reference && t(W.reference, { no: f.reference })}
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Nothing where nobody has shared it. */
export const SharedMaterial = ({ by }: { by: readonly string[] }) => {
  const { t, lang } = useLanguage()
  if (!by.length) return null
  return (
    <Tag color="blue" style={{ whiteSpace: 'normal' }}>
      {t(W.material, { authority: listWords(by, lang) })}
    </Tag>
  )
}
