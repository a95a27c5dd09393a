package io.carillon.job;

/** What becomes of an instant that comes due while the previous one of its job still runs. */
public enum Overlap {
  ALLOW,
  SKIP,
  QUEUE_ONE,
  QUEUE_ALL,
  CANCEL_RUNNING
}
