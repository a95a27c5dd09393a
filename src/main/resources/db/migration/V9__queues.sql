-- Queues that somebody has said something about: paused, or with settings. A queue without a row has no limits and is
-- not paused. While `paused` is set nothing of the queue is fired: whoever fires reads this table in the same
-- transaction (docs/adr/0026).
CREATE TABLE queue (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(190) NOT NULL,
  paused BOOLEAN NOT NULL DEFAULT FALSE,
  pause_reason VARCHAR(250) NULL,
  pause_until BIGINT NULL COMMENT 'when the pause ends by itself',
  last_pause_from BIGINT NULL COMMENT 'begin of the present or the last pause',
  last_pause_to BIGINT NULL COMMENT 'end of the last pause; null while it lasts',
  releasing BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'resumed, with triggers that are still to be let go',
  concurrency INT NULL COMMENT 'most executions at once',
  rate_permits INT NULL,
  rate_per_ms BIGINT NULL,
  rate_burst INT NULL,
  per_host INT NULL COMMENT 'most executions at once towards one host',
  version BIGINT NOT NULL COMMENT 'rises with every change; the ETag',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (namespace, name),
  KEY queue_by_pause (paused, last_pause_to)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
