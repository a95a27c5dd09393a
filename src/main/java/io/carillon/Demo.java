package io.carillon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.carillon.cron.DstPolicy;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three sample jobs and the target that they call: one after two seconds, one every five, and one
 * that fails and is retried. The target listens on a free port of loopback, echoes what it gets on
 * {@code /echo} and answers 503 on {@code /fail}.
 */
final class Demo implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final int MOST_BYTES = 64 * 1024;

  private final HttpServer target;
  private final ExecutorService threads;

  private Demo(HttpServer target, ExecutorService threads) {
    this.target = target;
    this.threads = threads;
  }

  /**
   * @param apiPort for the lines that tell the newcomer where to look
   */
  static Demo start(JobScheduler jobs, int apiPort) {
    try {
      HttpServer target =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
      ExecutorService threads =
          Executors.newFixedThreadPool(
              2,
              work -> {
                Thread thread = new Thread(work, "carillon-demo-target");
                thread.setDaemon(true);
                return thread;
              });
      target.setExecutor(threads);
      target.createContext("/echo", exchange -> answer(exchange, 200));
      target.createContext("/fail", exchange -> answer(exchange, 503));
      target.start();
      Demo demo = new Demo(target, threads);
      demo.schedule(jobs, apiPort);
      return demo;
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's target cannot listen", e);
    }
  }

  private void schedule(JobScheduler jobs, int apiPort) {
    List<Job> samples =
        List.of(
            job("demo-delay", "/echo", new Schedule.Delay(Duration.ofSeconds(2), Limits.NONE)),
            job(
                "demo-cron",
                "/echo",
                new Schedule.Cron(
                    "*/5 * * * * ?",
                    "*/5 * * * * ?",
                    "QUARTZ",
                    ZoneId.of("UTC"),
                    DstPolicy.BY_RHYTHM,
                    Limits.NONE)),
            job("demo-failing", "/fail", new Schedule.Now(Limits.NONE)));
    samples.forEach(sample -> begin(jobs, sample));
    String base = "http://127.0.0.1:" + apiPort + "/api/v1";
    LOG.info("demo: one job in 2 s, one every 5 s, one that fails and is retried; look at them:");
    LOG.info("demo:   curl -s {}/jobs/demo-cron/executions", base);
    LOG.info("demo:   curl -s {}/executions?limit=5", base);
  }

  /** A sample of an earlier start has ended or calls a port that is gone: it begins anew. */
  private static void begin(JobScheduler jobs, Job sample) {
    if (!jobs.put(sample, false, OptionalLong.empty()).created()) {
      jobs.cancel(sample.id(), OptionalLong.empty(), false);
      jobs.put(sample, false, OptionalLong.empty());
    }
  }

  private Job job(String id, String path, Schedule schedule) {
    String url = "http://127.0.0.1:" + target.getAddress().getPort() + path;
    Job plain =
        Job.of(
            JobId.of(id),
            new Target.Http(
                "POST",
                url,
                Map.of(),
                new Target.Body(true, "{\"hello\":\"from " + id + "\"}"),
                Target.Http.DEFAULT_TIMEOUT),
            schedule);
    return new Job(
        plain.id(),
        "Demo: " + id,
        null,
        plain.queue(),
        plain.priority(),
        Map.of("demo", "true"),
        plain.target(),
        plain.schedule(),
        Job.Policies.with(RetryPolicy.fixed(3, Duration.ofSeconds(2)), schedule.recurring()),
        Map.of(),
        plain.origin());
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
      byte[] answer = status == 200 ? body : "not today".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    target.stop(0);
    threads.shutdownNow();
  }
}
