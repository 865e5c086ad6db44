import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Card, Form, Input } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/repair/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { RecordChooser } from './my-records.tsx'
import { NUMBER_WORDS, type NumberKind, WhoseNumber } from './whose.tsx'

const W = {
  title: { zh: '窗口收件', en: 'At the window' },
  find: { zh: '查找', en: 'Find' },
  rate: { zh: '评价已办结事项', en: 'Rate decided items' },
  need: { zh: '请输入号码', en: 'Enter the number' },
  short: { zh: '号码不完整，请核对。', en: 'The number is not complete. Check it.' },
  hint: {
    zh: '核对申请人身份和授权后，代为选择记录、上传材料并提交。',
    en: 'Check identity and mandate, then choose the records, upload the papers and submit for them.',
  },
} as const satisfies Record<string, Words>

type Found = { subjectId: string; name: string; kind: string; status: string }
const SHORTEST = 6

export const Window = () => {
  const { t } = useLanguage()
  const [kind, setKind] = useState<NumberKind>('code')
  const find = useMutation<Found, ApiProblem, { code: string } | { personId: string }>({
    mutationFn: (v) => call(endpoints.lookUpSubject, v),
  })
  const ask = ({ number }: { number: string }) =>
    find.mutate(kind === 'code' ? { code: number.trim() } : { personId: number.trim() })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Card style={{ marginBottom: 16 }}>
        <p>{t(W.hint)}</p>
        <Form layout="vertical" requiredMark={false} onFinish={ask}>
          <WhoseNumber value={kind} choose={setKind} />
          <Form.Item
            name="number"
            label={t(NUMBER_WORDS[kind])}
            rules={[
              { required: true, whitespace: true, message: t(W.need) },
              { min: SHORTEST, message: t(W.short) },
            ]}
          >
            <Input autoComplete="off" style={{ maxWidth: 360 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={find.isPending}>
            {t(W.find)}
          </Button>
        </Form>
        {find.error && (
          <div style={{ marginTop: 12 }}>
            <Failed problem={find.error} />
          </div>
        )}
      </Card>
      {find.data && (
        <>
          <h2>{find.data.name}</h2>
          <p>
            <Link to="/my/ratings" search={{ subject: find.data.subjectId } as never}>
              {t(W.rate)}
            </Link>
          </p>
          <RecordChooser key={find.data.subjectId} subject={find.data.subjectId} />
        </>
      )}
    </>
  )
}
