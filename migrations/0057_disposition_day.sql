-- From when a disposition has effect, for those who tell of it.
create view records.v_disposition as
  select subject_id, record_id, id, effective_from from records.disposition;
