import { Button, Checkbox, Flex } from 'antd'
import type { ApplicationView, MaterialView } from '../../../../src/capabilities/repair/contract.ts'
import { endpoints } from '../../../../src/capabilities/repair/contract.facts.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantDay } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '以前提交过的材料', en: 'Files given before' },
  hint: { zh: '经您同意存入材料库，可以直接使用。', en: 'Kept with your consent; use them as they are.' },
  about: { zh: '{kind}，{day}上传，可用至{until}', en: '{kind}, uploaded {day}, usable until {until}' },
  use: { zh: '使用', en: 'Use' },
  useOf: { zh: '使用：{name}', en: 'Use: {name}' },
  keep: { zh: '同意存入材料库，以后申请时可以直接使用', en: 'Keep it for later applications' },
  keepOf: { zh: '同意将“{name}”存入材料库，以后申请时可以直接使用', en: 'Keep “{name}” for later applications' },
} as const satisfies Record<string, Words>

/** What the subject gave before and may use again. */
export const Library = ({ application }: { application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const at = { subject: application.subjectId, id: application.id }
  const query = useApi(endpoints.listLibrary, at)
  const use = useAct(endpoints.reuseMaterial)
  const rows = query.data?.rows ?? []
  if (!rows.length) return null
  return (
    <section aria-label={t(W.title)} style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}>
      <strong>{t(W.title)}</strong>
      <p className="xh-quiet" style={{ margin: '2px 0 6px' }}>
        {t(W.hint)}
      </p>
      {rows.map((m) => (
        <Flex key={m.id} justify="space-between" align="center" gap={8} wrap style={{ padding: '4px 0' }}>
          <div style={{ flex: '1 1 240px', minWidth: 0 }}>
            {m.name}
            <div className="xh-quiet">
              {t(W.about, {
                kind: t(m.kindName),
                day: instantDay(m.uploadedAt, lang),
                until: dayWords(m.usableUntil, lang),
              })}
            </div>
          </div>
          <Button
            aria-label={t(W.useOf, { name: m.name })}
            loading={use.isPending && use.variables.material === m.id}
            onClick={() => use.mutate({ ...at, material: m.id })}
          >
            {t(W.use)}
          </Button>
        </Flex>
      ))}
      {use.error && <Failed problem={use.error} />}
    </section>
  )
}

/** Consent to keep one file, given and taken back where the file stands. */
export const Keep = ({ application, material }: { application: ApplicationView; material: MaterialView }) => {
  const { t } = useLanguage()
  const keep = useAct(endpoints.keepMaterial)
  return (
    <>
      <Checkbox
        checked={material.kept}
        disabled={keep.isPending}
        aria-label={t(W.keepOf, { name: material.name })}
        onChange={(e) =>
          keep.mutate({
            subject: application.subjectId,
            id: application.id,
            material: material.id,
            keep: e.target.checked,
          })
        }
      >
        {t(W.keep)}
      </Checkbox>
      {keep.error && <Failed problem={keep.error} />}
    </>
  )
}
