package io.carillon.api;

import io.carillon.job.JobId;
import java.util.UUID;

/**
 * The ids of the jobs of one batch: a function of the batch's own id (a UUIDv7) and the place, so
 * that the same request, sent again, creates the same jobs. They are UUIDv7 of the same time and
 * sort by place within it. Stateless.
 */
final class BatchIds {
  /** The twelve random bits beside the time hold the place: more than the 1,000 of a batch. */
  private static final long PLACE = 0x0FFFL;

  private BatchIds() {}

  static JobId of(String batchId, int place) {
    UUID batch = UUID.fromString(batchId);
    long high = (batch.getMostSignificantBits() & ~PLACE) | (place & PLACE);
    return JobId.of(new UUID(high, batch.getLeastSignificantBits()).toString());
  }
}
