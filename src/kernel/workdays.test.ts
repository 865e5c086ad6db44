import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../platform/policy-files.ts'
import { addDays, day } from './time.ts'
import { addWorkdays, calendarFrom, calendarOf, isWorkday, workdaysBetween } from './workdays.ts'

const calendar = calendarOf(loadPolicy('440100'))

describe('the tricky days of the yearly notices', () => {
  it.each<[string, boolean, string]>([
    ['2020-01-19', true, 'Sunday worked before Spring Festival'],
    ['2020-01-31', false, 'Spring Festival as extended in 2020'],
    ['2020-02-01', false, 'Saturday whose work was cancelled by the extension'],
    ['2020-02-03', true, 'first day after the extension'],
    ['2020-06-28', true, 'Sunday worked for Dragon Boat'],
    ['2020-10-08', false, 'National Day and Mid-Autumn together: eight days'],
    ['2021-02-20', true, 'Saturday after Spring Festival'],
    ['2021-04-25', true, 'Sunday before Labour Day'],
    ['2022-01-29', true, 'Saturday before Spring Festival'],
    ['2022-01-30', true, 'Sunday before Spring Festival'],
    ['2022-12-31', false, 'New Year of 2023, named by the next notice'],
    ['2023-01-02', false, 'New Year in lieu'],
    ['2023-06-25', true, 'Sunday after Dragon Boat'],
    ['2023-10-07', true, 'Saturday after National Day'],
    ['2023-10-08', true, 'Sunday after National Day'],
    ['2024-02-04', true, 'Sunday before Spring Festival'],
    ['2024-02-09', true, 'New Year’s Eve of 2024 was no day off by the notice'],
    ['2024-02-18', true, 'Sunday after Spring Festival'],
    ['2024-05-11', true, 'Saturday after Labour Day'],
    ['2024-09-14', true, 'Saturday before Mid-Autumn'],
    ['2024-10-07', false, 'last day of National Day'],
    ['2025-01-26', true, 'Sunday before Spring Festival'],
    ['2025-02-08', true, 'Saturday after Spring Festival'],
    ['2025-10-08', false, 'National Day and Mid-Autumn: eight days'],
    ['2025-09-28', true, 'Sunday before National Day'],
    ['2026-01-02', false, 'New Year in lieu'],
    ['2026-01-04', true, 'Sunday after New Year'],
    ['2026-02-14', true, 'Saturday before Spring Festival'],
    ['2026-02-23', false, 'ninth day of Spring Festival'],
    ['2026-02-28', true, 'Saturday after Spring Festival'],
    ['2026-09-20', true, 'Sunday before National Day'],
    ['2026-11-21', false, 'an ordinary Saturday'],
    ['2026-11-23', true, 'an ordinary Monday'],
  ])('%s is a working day: %s (%s)', (text, expected) => expect(isWorkday(calendar, day(text))).toBe(expected))
})

describe('counting', () => {
  it.each<[string, number, string]>([
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-20', 0, '2026-11-20'],
    ['2026-11-21', 3, '2026-11-25'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2026-09-18', 10, '2026-10-09'],
    ['2026-04-30', 7, '2026-05-13'],
    ['2025-12-31', 2, '2026-01-05'],
    ['2024-02-08', 3, '2024-02-19'],
  ])('from %s, %i working days later is %s; the start day is not counted', (from, n, expected) => {
    expect(addWorkdays(calendar, day(from), n)).toEqual({ day: expected, provisional: false })
  })

  it('a year without a notice is counted Monday to Friday, and says so', () => {
    expect(addWorkdays(calendar, day('2026-12-30'), 3)).toMatchObject({
      day: '2027-01-04',
      provisional: true,
      missingYear: 2027,
    })
    expect(addWorkdays(calendar, day('2026-12-30'), 3).reason?.zh).toContain('2027年')
    expect(addWorkdays(calendar, day('2026-12-30'), 1)).toEqual({ day: '2026-12-31', provisional: false })
    expect(addWorkdays(calendar, day('2019-05-01'), 1)).toMatchObject({
      day: '2019-05-02',
      provisional: true,
      missingYear: 2019,
    })
    expect(workdaysBetween(calendar, day('2026-12-31'), day('2027-01-05'))).toMatchObject({
      workdays: 3,
      provisional: true,
    })
    expect(isWorkday(calendarFrom([]), day('2026-10-01'))).toBe(true)
  })

  it('between is the inverse of adding, and is signed', () => {
    for (let i = 0; i < 400; i++) {
      const from = addDays(day('2024-01-01'), i * 2)
      const n = (i % 23) + 1
      const to = addWorkdays(calendar, from, n).day
      expect(workdaysBetween(calendar, from, to).workdays).toBe(n)
      expect(workdaysBetween(calendar, to, from).workdays).toBe(-n)
    }
    expect(workdaysBetween(calendar, day('2026-11-23'), day('2026-11-23')).workdays).toBe(0)
  })
})
