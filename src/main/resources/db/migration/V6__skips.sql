-- Instants that were not run: neighbours of one reason are one row of execution, which stands for span_count planned
-- instants from scheduled_at to span_to. A span never leaves its UTC day, so that retention drops it as a whole.
ALTER TABLE execution
  ADD COLUMN span_to BIGINT NULL COMMENT 'of a SKIPPED row: the last instant it stands for',
  ADD COLUMN span_count INT NULL COMMENT 'of a SKIPPED row: how many planned instants it stands for; null is 1';

ALTER TABLE job
  ADD COLUMN skip_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the execution row that stands for the latest planned instant, if that was skipped: it may grow',
  ADD COLUMN skip_reason VARCHAR(40) NULL COMMENT 'of that row',
  ADD COLUMN passed_from BIGINT NULL COMMENT 'planned instants from here until before passed_to are not run',
  ADD COLUMN passed_to BIGINT NULL COMMENT 'null while a pause lasts',
  ADD COLUMN passed_reason VARCHAR(40) NULL COMMENT 'PAUSED, or MISFIRE for what is more than catch-up runs';

-- Calls that their node is to cancel: it looks here twice a second while it calls, and removes what it has seen.
CREATE TABLE cancellation (
  node VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'instance name',
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  requested_at BIGINT NOT NULL,
  PRIMARY KEY (node, execution_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
