-- What a peer hands in by file bears its signature. Where it cannot sign, the credit office may trust its folder without one: this
-- folder and no other, with a reason. Whoever registers a key ends it.
create table exchange.unsigned_folder (
  peer_id uuid primary key references exchange.peer,
  folder text not null,
  reason text not null check (length(reason) >= 2),
  since timestamptz not null,
  allowed_by text not null
);
