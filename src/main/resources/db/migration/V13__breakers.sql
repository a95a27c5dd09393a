-- Circuit breakers of target hosts. A host without a row never failed, or not for long: it may be called. All times are
-- the database's.
CREATE TABLE breaker (
  host VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as in job.host',
  state VARCHAR(12) NOT NULL COMMENT 'CLOSED OPEN HALF_OPEN; whoever fires goes by this',
  forced VARCHAR(12) NOT NULL COMMENT 'AUTO OPEN CLOSED; in force whatever fails or answers',
  changed_at BIGINT NULL COMMENT 'since when the state is what it is',
  opened_at BIGINT NULL COMMENT 'when it left CLOSED; null while it is',
  open_until BIGINT NULL COMMENT 'of an open one: from when on a probe may be made; null if none may',
  probe_execution CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the probe under way',
  probe_until BIGINT NULL COMMENT 'when another may be made if that one has not ended',
  in_a_row INT NOT NULL COMMENT 'how often it was opened without a success between',
  counted_from BIGINT NOT NULL COMMENT 'what ended earlier does not count any more',
  failed_at BIGINT NULL COMMENT 'about when a call failed last',
  version BIGINT NOT NULL COMMENT 'rises with every change of state; the ETag',
  PRIMARY KEY (host),
  KEY breaker_by_state (state),
  KEY breaker_by_failure (failed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What each process counted of the calls it made to hosts that failed lately. A process writes its own rows only.
CREATE TABLE breaker_count (
  host VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  process CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'new with every start of a server',
  counted_at BIGINT NOT NULL,
  events BIGINT NOT NULL COMMENT 'rises with what was counted: an older count does not replace a younger',
  answers INT NOT NULL COMMENT 'within the window before counted_at, as are failures',
  failures INT NOT NULL,
  detail VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    COMMENT 'second:answers/failures,...|last answer|failures after it',
  PRIMARY KEY (host, process),
  KEY breaker_count_by_age (counted_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- For operations staff, as V3__views.sql has them.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_breakers AS
SELECT
  b.host AS host,
  b.state AS state,
  b.forced AS forced,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL b.changed_at * 1000 MICROSECOND AS changed_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL b.opened_at * 1000 MICROSECOND AS opened_utc,
  TIMESTAMP'1970-01-01 00:00:00'
    + INTERVAL COALESCE(b.probe_until, b.open_until) * 1000 MICROSECOND AS next_probe_utc,
  b.probe_execution AS probe_execution,
  b.in_a_row AS opened_in_a_row,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL b.failed_at * 1000 MICROSECOND AS failed_utc
FROM breaker b
ORDER BY b.host;
