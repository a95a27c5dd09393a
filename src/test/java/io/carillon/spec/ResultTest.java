package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How parameters name parts of what has ended. */
class ResultTest {
  private static final ObjectNode KNOWN =
      tree(
          """
          {"execution": {"id": "e1", "attempt": 2, "error": null, "response":
             {"id": 12345678901234567890, "ok": true, "name": "a \\"b\\" {{job.id}}",
              "items": [{"n": 1.50}, "two"], "": 1, "a-b_c": "dash"}},
           "job": {"id": "j1", "labels": {"team": "x"}}}""");

  private static ObjectNode tree(String text) {
    return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode parameters(String value) {
    return StrictJson.object().put("p", value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {{execution.id}}                      | "e1"
          {{ job.labels.team }}                 | "x"
          {{execution.attempt}}                 | 2
          {{execution.error}}                   | null
          {{execution.response.id}}             | 12345678901234567890
          {{execution.response.ok}}             | true
          {{execution.response.items.0.n}}      | 1.50
          {{execution.response.items.1}}        | "two"
          {{execution.response.items}}          | [{"n":1.50},"two"]
          {{execution.response.a-b_c}}          | "dash"
          no {{execution.response.id}}/{{job.id}} | "no 12345678901234567890/j1"
          e={{execution.error}}.                | "e=."
          {{execution.response.name}}           | "a \\"b\\" {{job.id}}"
          plain                                 | "plain"
          """)
  void a_path_is_followed_step_by_step_and_a_whole_placeholder_keeps_its_type(
      String text, String expected) {
    Faults faults = new Faults();

    ObjectNode filled = new Result(KNOWN, faults).fill(parameters(text), "/p");

    assertThat(faults.list()).isEmpty();
    assertThat(StrictJson.text(filled.get("p"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "{{execution.response.nothing}}",
    "{{execution.response.items.2}}",
    "{{execution.response.items.-1}}",
    "{{execution.response.items.99999999999}}",
    "{{execution.response.id.deeper}}",
    "{{execution.response..id}}",
    "{{execution}}x{{execution.nothing}}",
    "{{secret}}",
    "{{}}",
  })
  void what_is_not_there_is_a_fault_and_never_an_empty_text(String text) {
    Faults faults = new Faults();

    new Result(KNOWN, faults).fill(parameters(text), "/onSuccess/0/parameters");

    assertThat(faults.list())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.code()).isEqualTo("link_value_missing");
              assertThat(fault.pointer()).isEqualTo("/onSuccess/0/parameters/p");
            });
  }

  @Test
  void an_answer_that_is_no_json_can_be_named_as_a_whole_only() {
    ObjectNode known = tree("{\"execution\": {\"response\": \"plain\"}}");
    Faults faults = new Faults();

    ObjectNode whole = new Result(known, faults).fill(parameters("{{execution.response}}"), "");
    new Result(known, faults).fill(parameters("{{execution.response.x}}"), "");

    assertThat(whole.get("p").textValue()).isEqualTo("plain");
    assertThat(faults.list()).singleElement().asString().contains("no JSON");
  }

  @Test
  void a_huge_answer_that_is_named_often_is_refused_before_it_fills_the_memory() {
    ObjectNode known = tree("{\"job\": {\"id\": \"" + "x".repeat(16 * 1024) + "\"}}");
    Faults faults = new Faults();

    ObjectNode filled =
        new Result(known, faults).fill(parameters("{{job.id}} ".repeat(50_000)), "/parameters");

    assertThat(faults.list()).singleElement().asString().contains("payload_too_large");
    assertThat(filled.get("p").textValue().length()).isLessThan(2 << 20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {{execution.response.x}} | false | true
          {{job.id}}               | false | true
          {{group.failed}}         | false | false
          {{group.failed}}         | true  | true
          {{execution.id}}         | true  | false
          {{execution}}            | false | false
          {{execution.a b}}        | false | false
          {{name}}                 | false | false
          """)
  void a_placeholder_that_can_never_be_filled_is_refused_with_the_definition(
      String text, boolean ofGroup, boolean sound) {
    Faults faults = new Faults();

    Result.check(parameters(text), "/onSuccess/0/parameters", ofGroup, faults);

    assertThat(faults.isEmpty()).isEqualTo(sound);
  }
}
