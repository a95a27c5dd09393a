package io.carillon.api.adapter;

import io.carillon.execution.ExecutionState;

/** What each call says for a state. New states never leak into these vocabularies. */
final class Words {
  private Words() {}

  /** Of {@code GET /status}. */
  static String status(ExecutionState state) {
    return switch (state) {
      case SCHEDULED, QUEUED, RETRYING, SKIPPED -> "scheduled";
      case RUNNING -> "running";
      case SUCCEEDED -> "completed";
      case FAILED, CANCELLED -> "failed";
    };
  }

  /** Of {@code GET /Job}; the last one is spelt so. */
  static String job(ExecutionState state) {
    return switch (state) {
      case SCHEDULED, RETRYING, SKIPPED -> "SCHEDULED";
      case QUEUED -> "QUEUED";
      case RUNNING -> "RUNNING";
      case SUCCEEDED -> "COMPLETED";
      case FAILED, CANCELLED -> "ERRORRED";
    };
  }

  /** Of {@code GET /jobs/{job_id}/executions}, which lists finished ones only. */
  static String execution(ExecutionState state) {
    return state == ExecutionState.SUCCEEDED ? "SUCCESS" : "FAILED";
  }
}
