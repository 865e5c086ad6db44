import { Alert, Button, Progress } from 'antd'
import type { CheckRunView } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  progress: { zh: '预检进度', en: 'How far the preflight is' },
  waiting: { zh: '预检排队中，即将开始。', en: 'The preflight waits for its turn.' },
  counting: { zh: '正在读取文件。', en: 'Reading the file.' },
  running: { zh: '已预检 {n} 行，共 {total} 行。', en: '{n} of {total} rows checked.' },
  cancel: { zh: '取消预检', en: 'Cancel the preflight' },
  cancelled: { zh: '预检已取消。', en: 'The preflight was cancelled.' },
  refused: { zh: '文件不能接收', en: 'The file cannot be taken' },
} as const satisfies Record<string, Words>

/** A preflight until it has found what there is to find: how far it is, or why it ended. */
export const CheckOnItsWay = ({
  run,
  cancelling,
  cancel,
}: {
  run: CheckRunView
  cancelling: boolean
  cancel: () => void
}) => {
  const { t } = useLanguage()
  if (run.state === 'refused')
    return (
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={t(W.refused)}
        description={run.refusal?.message}
        style={{ marginTop: 12 }}
      />
    )
  if (run.state === 'cancelled') return <output className="xh-quiet">{t(W.cancelled)}</output>
  const { checkedRows, totalRows } = run
  const said =
    run.state === 'waiting'
      ? t(W.waiting)
      : totalRows === 0
        ? t(W.counting)
        : t(W.running, { n: checkedRows, total: totalRows })
  return (
    <div style={{ marginTop: 12 }}>
      <Progress
        percent={totalRows ? Math.min(99, Math.floor((checkedRows * 100) / totalRows)) : 0}
        status="active"
        aria-label={t(W.progress)}
      />
      <output>{said}</output>{' '}
      <Button loading={cancelling} onClick={cancel}>
        {t(W.cancel)}
      </Button>
    </div>
  )
}
