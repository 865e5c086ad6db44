-- Whoever decides about a record needs what it is about, its windows and what has happened to it, and nothing of what it says:
-- the fields of a record are most of its weight. What is left out of a view is not read.
create view records.v_standing as
  select h."subjectId", h.id, h.item, h.division, h."authorityId", h."authorityName", h."docNo", h."decidedOn", h."publishedOn", h.version,
    h.disposed, h.facts, h.windows, h.class, h.earliest, h."shownFrom", h."shownUntil", h.state, h.dispositions
  from records.v_held h;
