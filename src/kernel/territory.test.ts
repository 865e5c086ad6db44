import { describe, expect, it } from 'vitest'
import type { Division } from './policy.ts'
import { covers, successorsOf, territoryPrefix, territoryPrefixes } from './territory.ts'
import { day } from './time.ts'

const on = day('2026-11-23')
const of = (code: string, validTo: string | null = null, successors: string[] = []): Division => ({
  code,
  name: { zh: code, en: code },
  level: 'county',
  parent: null,
  validFrom: null,
  validTo: validTo === null ? null : day(validTo),
  successors,
})
const divisions = [
  of('440100'),
  of('440111'),
  of('440112'),
  of('440116', '2014-02-11', ['440112']),
  of('440119', '2000-01-01', ['440116']),
  of('440183', '2015-01-01', ['440112', '440111']),
  of('610901', '2020-01-01', ['440112']),
  of('440190', '2027-01-01', ['440111']),
  of('440191', '2001-01-01', ['440192']),
  of('440192', '2002-01-01', ['440191']),
]

describe('territory', () => {
  it.each([
    ['440000', '44'],
    ['440100', '4401'],
    ['440106', '440106'],
    ['440110', '440110'],
    ['441000', '4410'],
    ['400000', '40'],
  ])('%s begins with %s', (division, prefix) => expect(territoryPrefix(division)).toBe(prefix))
  it.each([
    ['440106', '440106', true],
    ['440106', '440105', false],
    ['440106', '440100', false],
    ['440100', '440106', true],
    ['440100', '440200', false],
    ['440110', '440111', false],
    ['440110', '440100', false],
    ['441000', '440106', false],
    ['440106', null, false],
  ])('%s covers %s: %s', (territory, division, yes) => expect(covers(territory, division)).toBe(yes))

  it('follows abolished divisions to those that stand', () => {
    expect(successorsOf(divisions, '440116', on)).toEqual(['440112'])
    expect(successorsOf(divisions, '440119', on)).toEqual(['440112'])
    expect(successorsOf(divisions, '440183', on)).toEqual(['440111', '440112'])
    expect(successorsOf(divisions, '440112', on)).toEqual(['440112'])
    expect(successorsOf(divisions, '440190', on), 'still stands').toEqual(['440190'])
    expect(successorsOf(divisions, '999999', on), 'not listed').toEqual([])
    expect(successorsOf(divisions, '440191', on), 'two that name each other').toEqual([])
  })
  it('counts what went into a territory as its own', () => {
    expect(territoryPrefixes(divisions, '440112', on)).toEqual(['440112', '440116', '440119', '440183', '610901'])
    expect(territoryPrefixes(divisions, '440111', on)).toEqual(['440111', '440183'])
    expect(territoryPrefixes(divisions, '440100', on), 'its own abolished counties begin like it').toEqual([
      '4401',
      '610901',
    ])
    expect(territoryPrefixes(divisions, '440113', on)).toEqual(['440113'])
  })
})
