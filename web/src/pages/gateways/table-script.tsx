import { Collapse, Typography } from 'antd'
import { endpoints } from '../../../../src/capabilities/gateways/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Shown } from '../../ui/states.tsx'
import { CodeBox } from './code-box.tsx'

const SHOW: Words = {
  zh: '建表语句（交给单位的数据库管理员执行）',
  en: 'The statements that make the table, for the authority’s own administrator',
}
const COPY: Words = { zh: '复制', en: 'Copy' }
const COPIED: Words = { zh: '已复制', en: 'Copied' }

/** What the authority's own administrator runs. */
export const TableScript = ({ item, schema, table }: { item: string; schema?: string; table?: string }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.tableScript, {
    item,
    schema: schema?.trim() || 'public',
    table: table?.trim() || undefined,
  })
  return (
    <Collapse
      ghost
      style={{ marginBottom: 12 }}
      items={[
        {
          key: 'script',
          label: t(SHOW),
          children: (
            <Shown query={query}>
              {({ script }) => (
                <>
                  <Typography.Paragraph
                    copyable={{ text: script, tooltips: [t(COPY), t(COPIED)] }}
                    style={{ marginBottom: 4 }}
                  />
                  <CodeBox label={t(SHOW)} text={script} />
                </>
              )}
            </Shown>
          ),
        },
      ]}
    />
  )
}
