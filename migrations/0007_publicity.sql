create schema publicity;

-- The notice of publicity and repair is computed from the stored record and rules; this is when it was issued and first opened.
create table publicity.notice_receipt (
  subject_id uuid not null,
  record_id uuid not null,
  version integer not null,
  opened_at timestamptz not null,
  opened_by text not null,
  primary key (subject_id, record_id, version)
);
