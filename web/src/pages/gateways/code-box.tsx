/** Text for machines, shown to people: in its own frame, which scrolls. */
export const CodeBox = ({ label, text }: { label: string; text: string }) => (
  <>
    {/* Whoever has no mouse scrolls it with the arrow keys. */}
    {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
    <section className="xh-scroll" aria-label={label} tabIndex={0} style={{ maxHeight: 300, overflow: 'auto' }}>
      <pre style={{ fontSize: 12, margin: 0 }}>
        <code>{text}</code>
      </pre>
    </section>
  </>
)
