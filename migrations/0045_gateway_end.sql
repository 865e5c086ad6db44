-- A watched folder or an exchange table can be ended for good: by whom, when and why. What it took stays, its connection does
-- not, and its place may be set up again.
alter table gateways.gateway drop constraint gateway_state_check;
alter table gateways.gateway add constraint gateway_state_check check (state in ('active', 'paused', 'ended'));
alter table gateways.gateway add column ended_at timestamptz;
alter table gateways.gateway add column ended_by text;
alter table gateways.gateway add column end_reason text;
alter table gateways.gateway add constraint gateway_end_check
  check ((state = 'ended') = (ended_at is not null and ended_by is not null and end_reason is not null));
alter table gateways.gateway drop constraint gateway_place_key_key;
create unique index gateway_place on gateways.gateway (place_key) where state <> 'ended';
-- What was taken and not answered when its gateway ended stays so.
alter table gateways.intake drop constraint intake_state_check;
alter table gateways.intake add constraint intake_state_check check (state in ('taken', 'answered', 'refused', 'left'));
