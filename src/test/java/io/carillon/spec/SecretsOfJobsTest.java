package io.carillon.spec;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Auth;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.MailRules;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.target.EgressPolicy;
import io.carillon.target.SubmissionRules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code auth}, {@code secretHeaders} and the secret of a callback, as read, shown and stored. */
class SecretsOfJobsTest {
  private static final JobId ID = JobId.of("j1");
  private static final String URL = "\"url\": \"https://x.example/a\"";
  private final FakeSecretRules rules = new FakeSecretRules();
  private final JobWriter writer = new JobWriter();

  private final Faults faults = new Faults();

  private @Nullable Job read(TargetRules by, String json, @Nullable Job current) {
    ObjectNode body = tree(json);
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T08:00:00Z"));
    return new JobReader(by, clock).read(body, ID, faults, current);
  }

  private static ObjectNode tree(String json) {
    return StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private Job job(String json, @Nullable Job current) {
    Job job = read(rules, json, current);
    assertThat(faults.list()).isEmpty();
    assertThat(job).isNotNull();
    return job;
  }

  private Job target(String members) {
    return job("{\"target\": {" + URL + ", " + members + "}}", null);
  }

  private static Target.Http http(Job job) {
    return (Target.Http) job.target();
  }

  private void refused(String json, @Nullable Job current, String... faultsExpected) {
    assertThat(read(rules, json, current)).isNull();
    assertThat(faults.list())
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactlyInAnyOrder(faultsExpected);
    assertThat(faults.list()).extracting(Fault::detail).noneMatch(text -> text.contains("hush"));
  }

  @Test
  void auth_is_read_shown_and_stored() {
    Job job = target("\"auth\": {\"type\": \"BASIC\", \"secret\": \"token\", \"user\": \"me\"}");
    assertThat(http(job).auth()).isEqualTo(new Auth(Auth.Type.BASIC, "token", "me", null));
    assertThat(writer.write(job).at("/target/auth").toString())
        .isEqualTo("{\"type\":\"BASIC\",\"secret\":\"token\",\"user\":\"me\"}");
    assertThat(writer.parse(ID, writer.store(job))).isEqualTo(job);

    Job header =
        target("\"auth\": {\"type\": \"HEADER\", \"secret\": \"token\", \"header\": \"X-K\"}");
    assertThat(http(header).auth()).isEqualTo(new Auth(Auth.Type.HEADER, "token", null, "X-K"));
    assertThat(writer.parse(ID, writer.store(header))).isEqualTo(header);
    assertThat(http(target("\"auth\": {\"type\": \"NONE\"}")).auth()).isNull();
    assertThat(http(target("\"auth\": {\"type\": \"SIGNATURE\", \"secret\": \"hook\"}")).auth())
        .isEqualTo(Auth.signature("hook"));
  }

  @Test
  void secret_headers_are_sealed_at_once_and_shown_as_stars() {
    Job job = target("\"secretHeaders\": {\"X-A\": \"hush\", \"X-B\": \"hush2\"}");

    assertThat(rules.sealed).containsExactly("j1 X-A hush", "j1 X-B hush2");
    assertThat(http(job).secretHeaders()).isEqualTo(Map.of("X-A", "sealed-1", "X-B", "sealed-2"));
    assertThat(writer.write(job).at("/target/secretHeaders").toString())
        .isEqualTo("{\"X-A\":\"***\",\"X-B\":\"***\"}");
    assertThat(writer.store(job)).doesNotContain("hush").contains("\"X-A\":\"sealed-1\"");
    assertThat(writer.parse(ID, writer.store(job))).isEqualTo(job);
    assertThat(writer.parseTarget(writer.storeTarget(job.target()))).isEqualTo(job.target());
    assertThat(job.toString()).doesNotContain("hush");
  }

  @Test
  void what_was_shown_may_be_sent_back_and_keeps_what_is_there() {
    Job job =
        target(
            "\"secretHeaders\": {\"X-A\": \"hush\", \"X-B\": \"hush\"},"
                + " \"auth\": {\"type\": \"BEARER\", \"secret\": \"token\"}");
    int lookUps = rules.lookUps;

    assertThat(job(writer.write(job).toString(), job)).isEqualTo(job);
    assertThat(rules.lookUps).as("nothing new to look up").isEqualTo(lookUps);

    ObjectNode patched =
        JobPatch.apply(
            writer.write(job),
            tree(
                """
                {"target": {"secretHeaders": {"X-A": null, "x-b": null, "X-C": "hush"},
                            "timeout": "PT5S"}}
                """));
    assertThat(http(job(patched.toString(), job)).secretHeaders())
        .isEqualTo(Map.of("X-B", "sealed-2", "X-C", "sealed-3"));
  }

  @Test
  void another_way_to_prove_oneself_takes_the_place_of_the_first_as_a_whole() {
    Job job =
        target("\"auth\": {\"type\": \"HEADER\", \"secret\": \"token\", \"header\": \"X-K\"}");
    ObjectNode patch =
        tree("{\"target\": {\"auth\": {\"type\": \"SIGNATURE\", \"secret\": \"hook\"}}}");
    assertThat(JobPatch.looksUp(patch)).isTrue();
    Job patched = job(JobPatch.apply(writer.write(job), patch).toString(), job);
    assertThat(http(patched).auth()).isEqualTo(Auth.signature("hook"));
    Job without =
        job(
            JobPatch.apply(writer.write(job), tree("{\"target\": {\"auth\": null}}")).toString(),
            job);
    assertThat(http(without).auth()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://x.example/other?q=1, true",
    "https://X.EXAMPLE/a, true",
    "https://evil.example/a, false",
    "https://x.example:8443/a, false",
    "https://x.example.evil.example/a, false"
  })
  void stars_do_not_follow_to_another_origin(String url, boolean kept) {
    Job job = target("\"secretHeaders\": {\"X-A\": \"hush\"}");
    ObjectNode body = writer.write(job);
    ((ObjectNode) body.get("target")).put("url", url);

    Job moved = read(rules, body.toString(), job);

    assertThat(moved != null).isEqualTo(kept);
    assertThat(faults.list())
        .extracting(Fault::code)
        .isEqualTo(kept ? List.of() : List.of("secret_header_origin"));
  }

  @Test
  void every_fault_is_told_and_none_repeats_a_value() {
    refused(
        """
        {"target": {%s, "headers": {"x-a": "1"},
          "auth": {"type": "BASIC", "secret": "hook", "user": "a:b", "header": "X"},
          "secretHeaders": {"X-A": "hush", "Host": "hush", "X-N": 1, "X-M": "***"}},
         "callback": {"url": "https://x.example/", "secret": "token"}}
        """
            .formatted(URL),
        null,
        "/target/auth/user auth_user",
        "/target/auth/header field_unknown",
        "/target/auth/secret secret_kind",
        "/target/secretHeaders/X-A header_duplicate",
        "/target/secretHeaders/Host header_reserved",
        "/target/secretHeaders/X-N json_type",
        "/target/secretHeaders/X-M secret_header_unknown",
        "/callback/secret secret_kind");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"BEARER\"} | /target/auth/secret field_required",
        "{\"secret\": \"token\"} | /target/auth/type field_required",
        "{\"type\": \"bearer\", \"secret\": \"token\"} | /target/auth/type value_unknown",
        "{\"type\": \"BEARER\", \"secret\": \"none\"} | /target/auth/secret secret_unknown",
        "{\"type\": \"BEARER\", \"secret\": \"a b\"} | /target/auth/secret secret_name",
        "{\"type\": \"SIGNATURE\", \"secret\": \"token\"} | /target/auth/secret secret_kind",
        "{\"type\": \"HEADER\", \"secret\": \"token\"} | /target/auth/header field_required",
        "{\"type\": \"NONE\", \"secret\": \"token\"} | /target/auth/secret field_unknown",
        "[] | /target/auth json_type"
      })
  void a_faulty_auth_is_refused(String auth, String fault) {
    refused("{\"target\": {" + URL + ", \"auth\": " + auth + "}}", null, fault);
  }

  @Test
  void auth_and_a_header_of_the_same_name_are_refused() {
    refused(
        "{\"target\": {"
            + URL
            + ", \"headers\": {\"authorization\": \"x\"},"
            + " \"auth\": {\"type\": \"BEARER\", \"secret\": \"token\"}}}",
        null,
        "/target/auth auth_conflict");
  }

  @Test
  void auth_and_a_secret_header_of_the_same_name_are_refused() {
    refused(
        "{\"target\": {"
            + URL
            + ", \"secretHeaders\": {\"x-k\": \"hush\"},"
            + " \"auth\": {\"type\": \"HEADER\", \"secret\": \"token\", \"header\": \"X-K\"}}}",
        null,
        "/target/secretHeaders/x-k auth_conflict");
  }

  @Test
  void the_limits_of_headers_hold_for_both_kinds_together() {
    TargetRules real =
        new SubmissionRules(EgressPolicy.of(List.of(), false), MailRules.UNAVAILABLE, rules);
    String many =
        IntStream.range(0, 40).mapToObj(i -> "\"%s" + i + "\": \"1\"").collect(joining(","));
    String json =
        "{\"target\": {\"url\": \"https://198.51.101.7/\", \"headers\": {"
            + many.replace("%s", "A")
            + "}, \"secretHeaders\": {"
            + many.replace("%s", "B")
            + "}}}";
    assertThat(read(real, json, null)).isNull();
    assertThat(faults.list())
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly("/target/secretHeaders header_count");
  }

  @Test
  void a_server_without_a_key_refuses_secrets_and_only_those() {
    String json =
        "{\"target\": {"
            + URL
            + ", \"auth\": {\"type\": \"BEARER\", \"secret\": \"token\"},"
            + " \"secretHeaders\": {\"X-A\": \"hush\"}},"
            + " \"callback\": {\"url\": \"https://x.example/\", \"secret\": \"hook\"}}";
    assertThat(read(new Rules(), json, null)).isNull();
    assertThat(faults.list())
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactlyInAnyOrder(
            "/target/auth secrets_unavailable",
            "/target/secretHeaders secrets_unavailable",
            "/callback/secret secrets_unavailable");
  }

  @Test
  void a_task_names_secrets_and_keeps_none() {
    String template = "{\"target\": {" + URL + ", %s}}";
    TaskId id = TaskId.of("t");
    TaskReader reader = new TaskReader(rules);
    Task task =
        reader.read(
            tree(template.formatted("\"auth\": {\"type\": \"BEARER\", \"secret\": \"token\"}")),
            id,
            faults);
    assertThat(faults.list()).isEmpty();
    Target filled = new TaskTargets(rules).fill(task, null, faults, new HashMap<>());
    assertThat(((Target.Http) filled).auth())
        .isEqualTo(new Auth(Auth.Type.BEARER, "token", null, null));

    reader.read(tree(template.formatted("\"secretHeaders\": {\"A\": \"hush\"}")), id, faults);
    assertThat(faults.list())
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly("/target/secretHeaders secret_headers_in_task");
  }
}
