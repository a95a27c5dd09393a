package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Outcome.Failed;
import io.carillon.job.RetryPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesWithoutSecretsTest {
  @ParameterizedTest
  @CsvSource({"SECRET_MISSING, false", "SECRET_UNREADABLE, false", "SECRET_UNAVAILABLE, true"})
  void only_a_secret_that_the_database_did_not_tell_is_tried_again(String reason, boolean again) {
    assertThat(RetryRule.isRetried(RetryPolicy.DEFAULT, Failed.of(reason, "no"))).isEqualTo(again);
  }
}
