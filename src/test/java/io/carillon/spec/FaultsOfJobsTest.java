package io.carillon.spec;

import static io.carillon.spec.ReaderRig.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a job as it was sent: each fault has a code and a place, and all are told. */
class FaultsOfJobsTest {
  private final ReaderRig read = new ReaderRig();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "name": ""                          | /name                | name_empty
          "name": "  "                        | /name                | name_blank
          "name": "a "                        | /name                | name_trailing_blank
          "name": "a\\u0007b"                 | /name                | name_control
          "name": "a\\u202Eb"                 | /name                | name_bidi
          "name": "a\\u200Bb"                 | /name                | name_zero_width
          "name": "a\\u200Db"                 | /name                | name_zero_width
          "name": 3                           | /name                | json_type
          "queue": ""                         | /queue               | name_empty
          "priority": "urgent"                | /priority            | value_unknown
          "labels": {"": "x"}                 | /labels/             | label_name
          "labels": {"a": 1}                  | /labels/a            | json_type
          "labels": {"a": "\\u0000"}          | /labels/a            | label_value
          "labels": []                        | /labels              | json_type
          "shedule": {}                       | /shedule             | field_unknown
          "a/b~c": 1                          | /a~1b~0c             | field_unknown
          "id": "other"                       | /id                  | id_mismatch
          "delivery": "ONCE"                  | /delivery            | value_unknown
          "overlap": "skip"                   | /overlap             | value_unknown
          "expiresAfter": "PT0S"              | /expiresAfter        | expires_range
          "expiresAfter": "soon"              | /expiresAfter        | duration_invalid
          "catchUp": {"max": 0}               | /catchUp/max         | catch_up_range
          "catchUp": {"policy": "NONE"}       | /catchUp/policy      | value_unknown
          "catchUp": {"windo": "PT1H"}        | /catchUp/windo       | field_unknown
          "retry": {"maxAttempts": 10000}     | /retry/maxAttempts   | retry_range
          "retry": {"maxAttempts": 0}         | /retry/maxAttempts   | retry_range
          "retry": {"maxAttempts": "3"}       | /retry/maxAttempts   | json_type
          "retry": {"factor": "NaN"}          | /retry/factor        | json_type
          "retry": {"factor": 0.5}            | /retry/factor        | retry_range
          "retry": {"jitter": 1.1}            | /retry/jitter        | retry_range
          "retry": {"initial": "PT5S", "max": "PT1S"} | /retry/max   | retry_range
          "retry": {"initial": "-PT1S"}       | /retry/initial       | retry_range
          "retry": {"backoff": "LIST"}        | /retry/delays        | field_required
          "retry": {"backoff": "LIST", "delays": ["x"]} | /retry/delays/0 | retry_range
          "retry": {"retryOn": ["6xx"]}       | /retry/retryOn/0     | retry_word
          "retry": {"retryOn": [500]}         | /retry/retryOn/0     | json_type
          "retries": "3"                      | /retries             | field_unknown
          "callback": {}                      | /callback/url        | field_required
          "callback": {"url": "ftp://x"}      | /callback/url        | url_scheme
          "callback": {"url": "https://x", "on": ["DONE"]} | /callback/on | value_unknown
          "callback": {"url": "https://x", "secret": "s"} | /callback/secret | secrets_unavailable
          "callback": {"url": "https://x", "on": ["RUNNING"]} | /callback/on/0 | callback_state_unsupported
          "onSuccess": [{"job": "a", "parameters": {"p": "{{q}}"}}] | /onSuccess/0/parameters/p | placeholder_unknown
          "group": "g", "onGroupComplete": [{"job": "a", "parameters": {"p": "{{job.id}}"}}] | /onGroupComplete/0/parameters/p | placeholder_unknown
          "onGroupComplete": [{"job": "a"}]   | /onGroupComplete     | group_required
          "onSuccess": {}                     | /onSuccess           | json_type
          "onSuccess": [{}]                   | /onSuccess/0/job     | link_ambiguous
          "onFailure": [{"job": "a/b"}]       | /onFailure/0/job     | job_id_invalid
          "dedup": {"ttl": "PT1S"}            | /dedup/key           | field_required
          "dedup": {"key": "k", "mode": "X"}  | /dedup/mode          | value_unknown
          "throttle": {"key": "k"}            | /throttle/per        | field_required
          "debounce": {"key": "k", "wait": 5} | /debounce/wait       | json_type
          "concurrency": {"perJob": 0}        | /concurrency/perJob  | concurrency_range
          "success": {"statuses": ["ok"]}     | /success/statuses/0  | status_invalid
          "success": {"bodyMatches": "("}     | /success/bodyMatches | regex_invalid
          "success": {"bodyMatches": "(){9999}"} | /success/bodyMatches | regex_too_slow
          "dedupKey": " "                     | /dedupKey            | key_invalid
          """)
  void a_fault_of_the_job_has_its_code_and_place(String member, String pointer, String code) {
    read.one("{" + TARGET + ", " + member + "}", pointer, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "type": "http"                                   | /url                  | field_required
          "url": null                                      | /url                  | field_required
          "url": 5                                         | /url                  | json_type
          "url": "gopher://x"                              | /url                  | url_scheme
          "type": "email", "to": "a", "subject": "s", "text": "t" | /to            | address_invalid
          "type": "htp"                                    | /type                 | target_type_unknown
          "url": "https://x", "method": "get"              | /method               | method_not_allowed
          "url": "https://x", "method": "TRACE"            | /method               | method_not_allowed
          "url": "https://x", "method": "GET\\r\\nX: y"    | /method               | method_not_allowed
          "url": "https://x", "method": "GET", "body": {}  | /body                 | body_not_allowed
          "url": "https://x", "headers": {"Host": "y"}     | /headers/Host         | header_reserved
          "url": "https://x", "headers": {"a": 1}          | /headers/a            | json_type
          "url": "https://x", "timeout": "PT0S"            | /timeout              | timeout_range
          "url": "https://x", "timeout": 0                 | /timeout              | timeout_range
          "url": "https://x", "timeout": "-PT1S"           | /timeout              | timeout_range
          "url": "https://x", "timeout": "P1D"             | /timeout              | timeout_range
          "url": "https://x", "timeout": "30"              | /timeout              | duration_invalid
          "url": "https://x", "auth": {"type": "BASIC", "secret": "s"}| /auth                 | secrets_unavailable
          "url": "https://x", "secretHeaders": {"a": "b"}  | /secretHeaders        | secrets_unavailable
          "url": "https://x", "async": {}                  | /async/timeout        | field_required
          "url": "https://x", "async": {"timeout": "PT0.9S"} | /async/timeout      | duration_range
          "url": "https://x", "message": "m"               | /message              | field_unknown
          "type": "log"                                    | /message              | field_required
          "type": "noop", "url": "https://x"               | /url                  | field_unknown
          """)
  void a_fault_of_the_target_has_its_code_and_place(String members, String pointer, String code) {
    read.one("{\"target\": {" + members + "}}", "/target" + pointer, code);
  }

  @Test
  void sizes_are_bounded() {
    read.one("{" + TARGET + ", \"name\": \"" + "é".repeat(191) + "\"}", "/name", "name_too_long");
    read.one(
        "{" + TARGET + ", \"description\": \"" + "x".repeat(251) + "\"}",
        "/description",
        "description_too_long");
    read.one(
        "{\"target\": {\"url\": \"https://x\", \"body\": \"" + "é".repeat(131_073) + "\"}}",
        "/target/body",
        "payload_too_large");
    StringBuilder labels = new StringBuilder();
    for (int n = 0; n < 1_001; n++) {
      labels.append(n == 0 ? "" : ",").append("\"l").append(n).append("\": \"\"");
    }
    read.one("{" + TARGET + ", \"labels\": {" + labels + "}}", "/labels", "labels_too_many");
  }

  @Test
  void all_faults_are_told_together() {
    List<Fault> faults =
        read.faults(
            """
            {"name": "", "queue": 1, "prioriti": "high", "labels": {"a": 1, "b": 2},
             "target": {"url": "ftp://x", "method": "get", "timeout": "PT0S", "headers": {"Host": "x"}},
             "schedule": {"type": "cron", "cron": "61 * * * * ?", "timeZone": "Nowhere", "maxRuns": 0,
               "startAt": "x"},
             "retry": {"maxAttempts": 1000, "jitter": 2}, "overlap": "X", "callback": {"url": "x"}}""");

    assertThat(faults)
        .extracting(Fault::pointer)
        .containsExactlyInAnyOrder(
            "/name",
            "/queue",
            "/labels/a",
            "/labels/b",
            "/target/url",
            "/target/method",
            "/target/headers/Host",
            "/target/timeout",
            "/schedule/timeZone",
            "/schedule/startAt",
            "/schedule/maxRuns",
            "/schedule/cron",
            "/retry/maxAttempts",
            "/retry/jitter",
            "/overlap",
            "/callback/url",
            "/prioriti");
  }

  @Test
  void a_missing_target_is_required() {
    read.one("{}", "/target", "field_required");
    read.one("{\"target\": null}", "/target", "field_required");
    read.one("{\"target\": []}", "/target", "json_type");
  }

  @ParameterizedTest
  @CsvSource({
    "shedule, did you mean 'schedule'",
    "traget, did you mean 'target'",
    "Name, did you mean 'name'"
  })
  void an_unknown_field_gets_a_suggestion(String field, String words) {
    assertThat(read.faults("{" + TARGET + ", \"" + field + "\": 1}"))
        .anySatisfy(fault -> assertThat(fault.detail()).contains(words));
  }
}
