/** Division codes are two digits a level: 440000 covers 440100, which covers 440103. */
export const territoryPrefix = (division: string): string => division.replace(/(00)+$/, '')

/** Does a territory contain a division? An unknown division lies in no territory. */
export const covers = (territory: string, division: string | null): boolean =>
  division !== null && division.startsWith(territoryPrefix(territory))
