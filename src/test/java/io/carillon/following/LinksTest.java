package io.carillon.following;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.NewJob;
import io.carillon.execution.Follower.NewRun;
import io.carillon.execution.Follower.Refused;
import io.carillon.execution.SampleExecution;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Link;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import io.carillon.job.TaskId;
import io.carillon.spec.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What links make of an answer, whatever it holds. */
class LinksTest {
  private static final Instant THEN = Instant.parse("2026-11-21T08:00:00Z");
  private static final JobId ID = JobId.of("first");
  private static final TaskId TASK = TaskId.of("t");

  /** No control characters in headers, nothing else. */
  private static final TargetRules RULES =
      new TargetRules() {
        @Override
        public List<Broken> url(String url) {
          return List.of();
        }

        @Override
        public List<Broken> headers(Map<String, String> headers) {
          List<Broken> broken = new ArrayList<>();
          headers.forEach(
              (name, value) -> {
                if (value.chars().anyMatch(c -> c < ' ')) {
                  broken.add(new Broken("header_value", "a control character", name));
                }
              });
          return broken;
        }
      };

  private static final Task TEMPLATE =
      new Task(
          TASK,
          null,
          Map.of(
              "url", "https://x.example/a/{{v}}/b?q={{v}}",
              "method", "POST",
              "headers", Map.of("Content-Type", "application/json", "X-V", "v {{h}}"),
              "body", "{\"v\": \"{{v}}\"}"),
          Map.of(
              "v", new Parameter(Type.STRING, true, null, null),
              "h", new Parameter(Type.STRING, false, "-", null)),
          null,
          null);

  private static Ended ended(String answer, boolean truncated, int depth, Map<String, Object> on) {
    Job job = SampleJob.noop(ID, new Schedule.Now(Limits.NONE)).options(on).build();
    return new Ended(
        job,
        SampleExecution.of(ID, THEN)
            .ended(ExecutionState.SUCCEEDED, THEN.plusMillis(7))
            .answered(200)
            .response(answer, truncated)
            .build(),
        depth);
  }

  private static Follower follower(Ended ended) {
    Links.Followed followed = Links.of(ended, THEN).get(0);
    return new Links(RULES).follower(followed, Map.of(TASK, TEMPLATE));
  }

  private static Follower of(String answer, String parameter) {
    return follower(
        ended(
            answer,
            false,
            0,
            Map.of(
                "onSuccess",
                List.of(
                    Map.of(
                        "task",
                        "t",
                        "parameters",
                        Map.of(parameter, "{{execution.response.x}}", "v", "1"))))));
  }

  private static Follower inPath(String answer) {
    return follower(
        ended(
            answer,
            false,
            0,
            Map.of(
                "onSuccess",
                List.of(
                    Map.of("task", "t", "parameters", Map.of("v", "{{execution.response.x}}"))))));
  }

  private static String json(String value) {
    ObjectNode answer = StrictJson.object().put("x", value);
    return StrictJson.text(answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7            | https://x.example/a/7/b?q=7
          a/b          | https://x.example/a/a%2Fb/b?q=a%2Fb
          ?q=1&z=2#f   | https://x.example/a/%3Fq%3D1%26z%3D2%23f/b?q=%3Fq%3D1%26z%3D2%23f
          @evil.com:80 | https://x.example/a/%40evil.com%3A80/b?q=%40evil.com%3A80
          {{h}}        | https://x.example/a/%7B%7Bh%7D%7D/b?q=%7B%7Bh%7D%7D
          ä €          | https://x.example/a/%C3%A4%20%E2%82%AC/b?q=%C3%A4%20%E2%82%AC
          """)
  void a_value_of_an_answer_stays_one_part_of_the_url(String value, String url) {
    Follower follower = inPath(json(value));

    assertThat(follower).isInstanceOf(NewJob.class);
    assertThat(((Target.Http) ((NewJob) follower).job().target()).url()).isEqualTo(url);
  }

  @Test
  void a_value_of_an_answer_stays_one_string_of_a_json_text() {
    Follower follower = inPath(json("\", \"admin\": \"yes\\"));

    Target.Http http = (Target.Http) ((NewJob) follower).job().target();
    assertThat(http.body().text()).isEqualTo("{\"v\": \"\\\", \\\"admin\\\": \\\"yes\\\\\"}");
  }

  @Test
  void a_value_of_an_answer_adds_no_header() {
    assertThat(of(json("1\r\nX-Admin: yes"), "h"))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("header_value"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"x": ".."}      | parameter_path
          {"x": ""}        | parameter_path
          {"x": 7}         | parameter_type
          {"x": {"y": 1}}  | parameter_type
          {"x": null}      | parameter_required
          {"y": "1"}       | link_value_missing
          []               | link_value_missing
          {"x": "1", "x"   | link_value_missing
          plain            | link_value_missing
          """)
  void what_does_not_fit_is_refused_with_its_reason(String answer, String code) {
    assertThat(inPath(answer))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.cause().place()).isEqualTo("onSuccess/0");
            });
  }

  @Test
  void an_answer_that_was_cut_says_so() {
    Ended cut =
        ended(
            "{\"x\": \"1\"}",
            true,
            0,
            Map.of(
                "onSuccess",
                List.of(
                    Map.of("task", "t", "parameters", Map.of("v", "{{execution.response.x}}")))));

    assertThat(((Refused) follower(cut)).detail()).contains("cut at 16 KiB");
  }

  @Test
  void a_run_has_the_same_id_whenever_it_is_asked_for_and_another_at_each_place() {
    Map<String, Object> on =
        Map.of("onSuccess", List.of(Map.of("job", "next"), Map.of("job", "next")));
    List<Links.Followed> places = Links.of(ended("{}", false, 3, on), THEN);
    Links links = new Links(RULES);

    NewRun one = (NewRun) links.follower(places.get(0), Map.of());
    NewRun again = (NewRun) links.follower(places.get(0), Map.of());
    NewRun other = (NewRun) links.follower(places.get(1), Map.of());

    assertThat(one).isEqualTo(again);
    assertThat(one.id()).isNotEqualTo(other.id());
    assertThat(one.depth()).isEqualTo(4);
    assertThat(one.id().scheduledAt()).isEqualTo(THEN.plusMillis(7));
  }

  @Test
  void a_run_after_as_many_as_are_allowed_is_refused() {
    Map<String, Object> on = Map.of("onSuccess", List.of(Map.of("job", "next")));

    assertThat(follower(ended("{}", false, Link.DEEPEST - 1, on))).isInstanceOf(NewRun.class);
    assertThat(follower(ended("{}", false, Link.DEEPEST, on))).isInstanceOf(Refused.class);
  }
}
