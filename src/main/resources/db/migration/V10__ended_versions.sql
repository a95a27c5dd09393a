-- How far the plan of a definition had come when another took its place: what the account of its instants goes by.
ALTER TABLE job_version
  ADD COLUMN ended_in VARCHAR(12) NULL COMMENT 'state of the job then; null if it was not noted',
  ADD COLUMN ended_at BIGINT NULL COMMENT 'when the job was over already, if it was',
  ADD COLUMN ended_runs BIGINT NULL COMMENT 'planned instants fired by then under the generation',
  ADD COLUMN ended_last BIGINT NULL COMMENT 'the latest instant fired or skipped by then under any generation';
