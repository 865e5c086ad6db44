import type { ThemeConfig } from 'antd'

/** Deep blue of official sites; text and placeholder tokens dark enough for WCAG AA. */
export const theme: ThemeConfig = {
  token: {
    // Who asks the system for less motion gets dialogs that are there at once.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    colorPrimary: '#0b4a8f',
    colorLink: '#0b4a8f',
    colorSuccess: '#1e6b34',
    colorWarning: '#8a5300',
    colorError: '#a8071a',
    // Derived from dark seeds these would be grey.
    colorSuccessBg: '#edf7ef',
    colorSuccessBorder: '#a8d5b3',
    colorWarningBg: '#fff8e6',
    colorWarningBorder: '#ecd08a',
    colorErrorBg: '#fdf0f0',
    colorErrorBorder: '#efb6b6',
    colorInfoBg: '#eef4fb',
    colorInfoBorder: '#b3cdea',
    colorTextSecondary: '#4a5568',
    colorTextTertiary: '#5a6474',
    colorTextDescription: '#4a5568',
    colorTextPlaceholder: '#5f6b7a',
    colorTextDisabled: '#5f6b7a',
    borderRadius: 4,
    fontSize: 15,
    fontFamily:
      "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Source Han Sans SC', sans-serif",
  },
  components: {
    Layout: { headerBg: '#0b4a8f', headerColor: '#ffffff', bodyBg: '#f3f5f8' },
    Menu: { itemSelectedBg: '#e3edf8', itemSelectedColor: '#0b4a8f' },
  },
}
