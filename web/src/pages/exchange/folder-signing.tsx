import { Alert, Button } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { WayView } from '../../../../src/capabilities/exchange/contract.ways.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { instantWords } from '../../ui/format.ts'

const W = {
  signed: {
    zh: '对方放入的确认文件和数据文件须有签名的清单，按登记的公钥核对。',
    en: 'What the peer puts here, acknowledgements included, is signed and checked by its key.',
  },
  noKey: {
    zh: '对方放入的确认文件和数据文件须有签名的清单，但还没有登记有效的公钥：放入的文件将被退回。',
    en: 'What the peer puts here, acknowledgements included, has to be signed, and no valid key is registered: its files are sent back.',
  },
  noKeyHint: {
    zh: '请在“密钥”中登记对方的签名公钥。对方确实不能签名的，可以说明理由，对这个文件夹免签名。',
    en: 'Register its key under “Keys”. Where it cannot sign at all, this folder can be trusted without, with a reason.',
  },
  unsigned: {
    zh: '这个文件夹免签名，自{at}起：{reason}',
    en: 'This folder is trusted without a signature since {at}: {reason}',
  },
  unsignedHint: {
    zh: '任何能够写入该文件夹的人都可以以对方名义确认撤下、送来数据。登记公钥后自动恢复签名要求。',
    en: 'Whoever can write there speaks as the peer: confirms that records are down, and hands in. Registering a key ends it.',
  },
  allow: { zh: '对这个文件夹免签名', en: 'Trust this folder without a signature' },
  require: { zh: '恢复签名要求', en: 'Require a signature again' },
  reason: { zh: '理由（2 至 500 字，记入操作日志）', en: 'Reason (2 to 500 characters), kept in the audit' },
} as const satisfies Record<string, Words>

const REASON_MIN = 2

/** Whether what a peer puts into its folder bears its signature, and what the credit office has said about it. */
export const FolderSigning = ({ way }: { way: WayView }) => {
  const { t, lang } = useLanguage()
  /** The version that was seen when the dialog was opened. */
  const [asking, setAsking] = useState<number | null>(null)
  const act = useAct(endpoints.setUnsigned, () => setAsking(null))
  if (!way.signing) return null
  const { hasKey, unsigned } = way.signing
  const word = unsigned ? W.require : W.allow
  return (
    <>
      <Alert
        type={hasKey ? 'success' : 'warning'}
        showIcon
        title={
          unsigned
            ? t(W.unsigned, { at: instantWords(unsigned.since, lang), reason: unsigned.reason })
            : t(hasKey ? W.signed : W.noKey)
        }
        description={
          hasKey ? undefined : (
            <>
              <p style={{ margin: '0 0 8px' }}>{t(unsigned ? W.unsignedHint : W.noKeyHint)}</p>
              {way.mayEdit && <Button onClick={() => setAsking(way.version)}>{t(word)}</Button>}
            </>
          )
        }
      />
      {asking !== null && (
        <AskReason
          id="unsigned-reason"
          title={t(word)}
          ok={word}
          label={W.reason}
          least={REASON_MIN}
          danger={!unsigned}
          act={act}
          send={(reason) => act.mutate({ id: way.peerId, allowed: !unsigned, reason, seen: asking })}
          done={() => {
            act.reset()
            setAsking(null)
          }}
        >
          {!unsigned && <p>{t(W.unsignedHint)}</p>}
        </AskReason>
      )}
    </>
  )
}
