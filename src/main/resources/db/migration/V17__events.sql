-- Live events: what happens to jobs, executions, queues and nodes, written in the transactions in which it happens,
-- but only while somebody listens. Only ever appended to; what is older than ten minutes is removed from the front, by
-- id, and the newest of what is older always stays: so a row up to an id means that nothing after it was removed.
CREATE TABLE event (
  id BIGINT NOT NULL AUTO_INCREMENT,
  at BIGINT NOT NULL COMMENT 'by the database''s clock, when the statement ran; the commit came later',
  kind VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queue VARCHAR(190) NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NULL,
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  payload TEXT NOT NULL COMMENT 'what readers are told, as JSON of at most 8,000 characters, without secrets and bodies',
  PRIMARY KEY (id),
  KEY event_by_time (at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who listens: a row per process that has or had readers. While one has not run out, every node writes events.
CREATE TABLE listener (
  node VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'random, new with every process',
  listens_until BIGINT NOT NULL COMMENT 'by the database''s clock; five minutes after the last reader left',
  in_force_from BIGINT NULL COMMENT 'event id; every later event of all nodes was written. Null until that is certain',
  PRIMARY KEY (node)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who listens, by process: one with listening 0 has had no reader for five minutes and is about to go.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_listeners AS
SELECT
  l.node AS process,
  l.listens_until
    > TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000 AS listening,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL l.listens_until * 1000 MICROSECOND AS listens_until_utc,
  l.in_force_from AS in_force_from
FROM listener l
ORDER BY l.node;
