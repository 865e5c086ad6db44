import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csv.ts'

describe('a cell that leaves', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['@a', "'@a"],
    ['-x', "'-x"],
    ['-', "'-"],
    ['-2+3', "'-2+3"],
    ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
    ['-1e5', "'-1e5"],
    ['-1,2', `"'-1,2"`],
    ['-.5', "'-.5"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠a', "'＠a"],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['\n1', `"'\n1"`],
    [' =1+1', "' =1+1"],
    ['\u3000＝1', "'\u3000＝1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\u200b=1', "'\u200b=1"],
    ['=HYPERLINK("http://a","b")', `"'=HYPERLINK(""http://a"",""b"")"`],
  ])('%j is kept as text', (cell, safe) => expect(csvCell(cell)).toBe(safe))

  it.each([
    ['-1', '-1'],
    ['-5.25', '-5.25'],
    ['007', '007'],
    ['0.2', '0.2'],
    [-3, '-3'],
    [-1e-7, '-1e-7'],
    [0, '0'],
    ['广州', '广州'],
    ['2026-11-20', '2026-11-20'],
    ['a=b', 'a=b'],
    ['', ''],
  ])('%j stays as it is', (cell, safe) => expect(csvCell(cell)).toBe(safe))

  it.each([
    ['a,b', '"a,b"'],
    ['警告;=1+1', '"警告;=1+1"'],
    ['a\tb', '"a\tb"'],
    ['a\r\nb', '"a\r\nb"'],
    ['说"好"', '"说""好"""'],
    [' a', '" a"'],
  ])('%j is one cell', (cell, safe) => expect(csvCell(cell)).toBe(safe))

  it('stands in a line that ends as spreadsheets end theirs', () =>
    expect(csvLine(['a', -1, '=1'])).toBe("a,-1,'=1\r\n"))
})
