package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rule by which the README's examples are judged can say no. */
class ReadmeOutputTest {

  @Test
  void ids_instants_nodes_and_measured_lengths_may_differ() {
    assertThat(
            ReadmeOutput.matches(
                "{\"id\": \"01a1fd3d-48df-8c36-a5dd-4b16b17e32b2\", \"at\": \"2026-11-21T08:33:34Z\"}",
                "{\"id\":\"01a1fd3f-54c9-8f5c-a5ff-67b2c2c9f3a5\",\"at\":\"2027-01-01T00:00:00.123Z\"}"))
        .isTrue();
    assertThat(
            ReadmeOutput.matches(
                "{\"node\": \"host-9134371c.1\", \"durationMs\": 12}",
                "{\"node\":\"vm-00000000.3\",\"durationMs\":4711}"))
        .isTrue();
  }

  @Test
  void everything_else_may_not() {
    assertThat(ReadmeOutput.matches("{\"state\": \"FAILED\"}", "{\"state\":\"RUNNING\"}"))
        .isFalse();
    assertThat(ReadmeOutput.matches("{\"a\": 1}", "{\"a\":1,\"b\":2}")).isFalse();
    assertThat(ReadmeOutput.matches("{\"a\": 1, \"b\": 2}", "{\"a\":1}")).isFalse();
    assertThat(ReadmeOutput.matches("[1, 2]", "[1]")).isFalse();
    assertThat(ReadmeOutput.matches("{\"a\": 1}", "no JSON")).isFalse();
    assertThat(ReadmeOutput.matches("one\ntwo", "one")).isFalse();
    assertThat(ReadmeOutput.matches("202", "200")).isFalse();
    assertThat(ReadmeOutput.matches("2040-01-01T00:00:00Z", "2040-01-01T01:00:00Z")).isFalse();
  }

  @Test
  void an_ellipsis_stands_for_what_is_left_out_and_for_nothing_else() {
    assertThat(ReadmeOutput.matches("{\"a\": 1, \"…\": \"…\"}", "{\"a\":1,\"b\":2}")).isTrue();
    assertThat(ReadmeOutput.matches("{\"a\": 1, \"…\": \"…\"}", "{\"a\":3,\"b\":2}")).isFalse();
    assertThat(ReadmeOutput.matches("[1, \"…\"]", "[1,2,3]")).isTrue();
    assertThat(ReadmeOutput.matches("[1, \"…\"]", "[2,3]")).isFalse();
    assertThat(ReadmeOutput.matches("one\n…\nfour", "one\ntwo\nthree\nfour")).isTrue();
    assertThat(ReadmeOutput.matches("one\n…\nfive", "one\ntwo\nthree\nfour")).isFalse();
  }
}
