-- The catalogue of tasks: templates of targets with declared parameters. Jobs hold the target that was filled when they
-- were made and do not refer to a row here.
CREATE TABLE task (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL COMMENT 'rises by one with each change',
  definition MEDIUMTEXT NOT NULL COMMENT 'JSON: description, target, parameters, retry, queue',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (namespace, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
