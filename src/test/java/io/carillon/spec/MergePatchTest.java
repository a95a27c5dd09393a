package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

  /** RFC 7396, appendix A, as far as target and patch are objects; the others one level down. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":"b"}                | {"a":"c"}                    | {"a":"c"}
          {"a":"b"}                | {"b":"c"}                    | {"a":"b","b":"c"}
          {"a":"b"}                | {"a":null}                   | {}
          {"a":"b","b":"c"}        | {"a":null}                   | {"b":"c"}
          {"a":["b"]}              | {"a":"c"}                    | {"a":"c"}
          {"a":"c"}                | {"a":["b"]}                  | {"a":["b"]}
          {"a":{"b":"c"}}          | {"a":{"b":"d","c":null}}     | {"a":{"b":"d"}}
          {"a":[{"b":"c"}]}        | {"a":[1]}                    | {"a":[1]}
          {"x":["a","b"]}          | {"x":["c","d"]}              | {"x":["c","d"]}
          {"x":{"a":"b"}}          | {"x":["c"]}                  | {"x":["c"]}
          {"a":"foo"}              | {"a":"bar"}                  | {"a":"bar"}
          {"e":null}               | {"a":1}                      | {"e":null,"a":1}
          {"x":[1,2]}              | {"x":{"a":"b","c":null}}     | {"x":{"a":"b"}}
          {}                       | {"a":{"bb":{"ccc":null}}}    | {"a":{"bb":{}}}
          """)
  void the_table_of_the_rfc_holds(String target, String patch, String result) {
    ObjectNode before = object(target);

    assertThat(MergePatch.apply(before, object(patch))).isEqualTo(object(result));
    assertThat(before).isEqualTo(object(target));
  }

  private static final String CRON =
      """
      {"schedule": {"type": "cron", "cron": "0 0 12 * * ?", "timeZone": "UTC", "dst": {"gap": "SKIP"},
        "startAt": null, "endAt": "2030-01-01T00:00:00Z", "maxRuns": 3, "jitter": "PT0S"},
       "target": {"type": "http", "url": "https://x", "method": "POST"}}""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"delay":"PT5S"}                    | {"delay":"PT5S","type":"delay"}
          {"type":"delay","delay":"PT5S"}     | {"delay":"PT5S","type":"delay"}
          {"at":"2027-01-01T00:00:00Z"}       | {"at":"2027-01-01T00:00:00Z","type":"at"}
          {"every":"PT5S"}                    | {"every":"PT5S","type":"fixedRate"}
          {"type":"fixedDelay","every":"P1D"} | {"every":"P1D","type":"fixedDelay"}
          {"type":"now"}                      | {"type":"now"}
          """)
  void a_patch_to_another_type_of_schedule_drops_what_belonged_to_the_old_one(
      String patch, String own) {
    ObjectNode wanted = StrictJson.object().set("schedule", object(patch));
    ObjectNode patched = JobPatch.apply(object(CRON), wanted);

    ObjectNode expected = object(own).put("endAt", "2030-01-01T00:00:00Z").put("maxRuns", 3);
    expected.put("jitter", "PT0S").putNull("startAt");
    assertThat(patched.get("schedule")).isEqualTo(expected);
  }

  @Test
  void a_patch_within_a_type_keeps_the_rest() {
    ObjectNode patched =
        JobPatch.apply(object(CRON), object("{\"schedule\": {\"cron\": \"*/5 * * * *\"}}"));

    assertThat(patched.get("schedule").get("timeZone").textValue()).isEqualTo("UTC");
    assertThat(patched.get("schedule").get("dst")).isNotEmpty();
    assertThat(
            JobPatch.apply(object(CRON), object("{\"schedule\": {\"endAt\": null}}"))
                .get("schedule")
                .has("cron"))
        .isTrue();
  }

  @Test
  void a_fixed_delay_stays_one_when_its_interval_changes() {
    ObjectNode fixed = object("{\"schedule\": {\"type\": \"fixedDelay\", \"every\": \"PT5S\"}}");

    assertThat(
            JobPatch.apply(fixed, object("{\"schedule\": {\"every\": \"PT9S\"}}")).get("schedule"))
        .isEqualTo(object("{\"type\": \"fixedDelay\", \"every\": \"PT9S\"}"));
  }

  @Test
  void a_patch_to_another_type_of_target_starts_anew() {
    ObjectNode patch = object("{\"target\": {\"type\": \"log\", \"message\": \"m\"}}");

    assertThat(JobPatch.apply(object(CRON), patch).get("target")).isEqualTo(patch.get("target"));
  }

  @Test
  void contradictions_within_a_patch_are_left_for_the_reader() {
    ObjectNode patched =
        JobPatch.apply(
            object(CRON), object("{\"schedule\": {\"delay\": \"PT1S\", \"cron\": \"@daily\"}}"));

    assertThat(patched.get("schedule").has("delay")).isTrue();
    assertThat(patched.get("schedule").has("cron")).isTrue();
  }

  private static ObjectNode object(String text) {
    return (ObjectNode) StrictJson.tree(text);
  }
}
