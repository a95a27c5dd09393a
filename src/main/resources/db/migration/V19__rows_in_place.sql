-- A job's row is changed twice by each run: when it is fired and when it is over. These changes keep its length, so
-- that they are made in place: the row format reserves the space of numbers that are null, and the state has a fixed
-- width. A row that grows in a full page makes InnoDB rearrange the page, and MariaDB logs all of it (docs/adr/0037).
ALTER TABLE job
  MODIFY COLUMN state CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ACTIVE PAUSED COMPLETED CANCELLED',
  ROW_FORMAT = REDUNDANT;
