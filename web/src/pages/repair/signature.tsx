import { Button, Flex } from 'antd'
import { type PointerEvent, useRef, useState } from 'react'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  pad: { zh: '手写签名区', en: 'Sign here' },
  clear: { zh: '重写', en: 'Clear' },
  done: { zh: '提交签名', en: 'Hand in the signature' },
} as const satisfies Record<string, Words>

const SIZE = { width: 640, height: 240 }
const INK = 4

/** A finger or a pen on the glass; the picture goes as it was drawn. */
export const SignaturePad = ({ busy, onSigned }: { busy: boolean; onSigned: (file: File) => void }) => {
  const { t } = useLanguage()
  const pad = useRef<HTMLCanvasElement>(null)
  const [drawn, setDrawn] = useState(false)
  const place = (e: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = e.currentTarget.getBoundingClientRect()
    return [((e.clientX - box.left) / box.width) * SIZE.width, ((e.clientY - box.top) / box.height) * SIZE.height]
  }
  const begin = (e: PointerEvent<HTMLCanvasElement>) => {
    const pen = e.currentTarget.getContext('2d')
    if (!pen) return
    e.currentTarget.setPointerCapture(e.pointerId)
    pen.lineWidth = INK
    pen.lineCap = 'round'
    pen.strokeStyle = '#111'
    pen.beginPath()
    pen.moveTo(...place(e))
  }
  const draw = (e: PointerEvent<HTMLCanvasElement>) => {
    if (!e.currentTarget.hasPointerCapture(e.pointerId)) return
    const pen = e.currentTarget.getContext('2d')
    pen?.lineTo(...place(e))
    pen?.stroke()
    setDrawn(true)
  }
  const clear = () => {
    pad.current?.getContext('2d')?.clearRect(0, 0, SIZE.width, SIZE.height)
    setDrawn(false)
  }
  const done = () =>
    pad.current?.toBlob((blob) => {
      if (blob) onSigned(new File([blob], 'signature.png', { type: 'image/png' }))
    }, 'image/png')
  return (
    <>
      <canvas
        ref={pad}
        {...SIZE}
        // Drawn upon: no image file could stand in its place.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={t(W.pad)}
        onPointerDown={begin}
        onPointerMove={draw}
        style={{
          width: '100%',
          border: '1px dashed #4a5568',
          borderRadius: 6,
          background: '#fff',
          touchAction: 'none',
          display: 'block',
        }}
      />
      <Flex gap={8} style={{ marginTop: 8 }}>
        <Button style={{ height: 44 }} disabled={!drawn} onClick={clear}>
          {t(W.clear)}
        </Button>
        <Button style={{ height: 44 }} disabled={!drawn} loading={busy} onClick={done}>
          {t(W.done)}
        </Button>
      </Flex>
    </>
  )
}
