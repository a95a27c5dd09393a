package io.carillon.following;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.NewJob;
import io.carillon.execution.Follower.Refused;
import io.carillon.job.Auth;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Link;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.spec.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of a task while its transaction holds the lock row. */
class SecretsOfTaskTest {
  private static final TaskId TASK = TaskId.of("t");

  private static Follower made(SecretRules secrets, Auth.Type type) {
    Task task =
        new Task(
            TASK,
            null,
            Map.of(
                "url",
                "https://x.example/",
                "auth",
                Map.of("type", type.name(), "secret", "token")),
            Map.of(),
            null,
            null);
    Links.Followed followed =
        new Links.Followed(
            new Cause("default", "source", "onSuccess/0"),
            new Link(null, "t", Map.of()),
            "ch_source_onSuccess_0",
            Instant.parse("2026-11-21T08:00:00Z"),
            0,
            StrictJson.object());
    return new Links(new Rules(secrets)).follower(followed, Map.of(TASK, task));
  }

  @ParameterizedTest
  @CsvSource({"BEARER", "SIGNATURE"})
  void the_secret_of_a_task_is_not_looked_up(Auth.Type type) {
    assertThat(made(new NoDatabase(), type))
        .isInstanceOfSatisfying(
            NewJob.class,
            made ->
                assertThat(((Target.Http) made.job().target()).auth())
                    .isEqualTo(new Auth(type, "token", null, null)));
  }

  @Test
  void a_server_without_a_key_says_so() {
    assertThat(made(SecretRules.UNAVAILABLE, Auth.Type.BEARER))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("secrets_unavailable"));
  }

  /** Refuse nothing but what secrets refuse. */
  private record Rules(SecretRules secrets) implements TargetRules {
    @Override
    public List<Broken> url(String url) {
      return List.of();
    }

    @Override
    public List<Broken> headers(Map<String, String> headers) {
      return List.of();
    }
  }

  /** Of a server that has a key, and whose database has no connection to spare. */
  private record NoDatabase() implements SecretRules {
    @Override
    public boolean available() {
      return true;
    }

    @Override
    public Optional<SecretKind> kind(String namespace, String name) {
      throw new StoreUnavailable("no connection is free", null);
    }

    @Override
    public String seal(JobId job, String header, String value) {
      throw new IllegalStateException("a task keeps no secret headers");
    }
  }
}
