package io.carillon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The arithmetic and the plumbing of the benchmark; no figure is measured here. */
class BenchTest {
  @Test
  void options_are_read_and_unknown_ones_refused() {
    Options options =
        Options.parse(
            "drain", "--jobs", "30_000", "--side", "carillon", "--set", "carillon.log.level=warn");

    assertThat(options.mode()).isEqualTo("drain");
    assertThat(options.number("jobs", 1)).isEqualTo(30_000);
    assertThat(options.runs()).isEqualTo(3);
    assertThat(options.stock()).isFalse();
    assertThat(options.carillon()).isTrue();
    assertThat(options.settings()).containsExactly(Map.entry("carillon.log.level", "warn"));
    assertThatThrownBy(() -> Options.parse("drain", "--job", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--job");
    assertThatThrownBy(() -> Options.parse("drain", "--jobs"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() {
    long[] values = new long[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = 200 - i;
    }
    Spread spread = Spread.of(values);

    assertThat(spread.min()).isEqualTo(1);
    assertThat(spread.p50()).isEqualTo(100);
    assertThat(spread.p99()).isEqualTo(198);
    assertThat(spread.max()).isEqualTo(200);
    assertThat(new Spread().p99()).isZero();
  }

  @Test
  void the_median_of_runs_is_one_of_them() {
    assertThat(Median.of(List.of(3.0, 1.0, 2.0), run -> run)).isEqualTo(2.0);
    assertThat(Median.run(List.of("aaa", "a", "aa", "aaaa"), String::length)).isEqualTo("aa");
  }

  @Test
  void jobs_that_ran_twice_or_never_or_early_fail_the_check() {
    Checks checks = new Checks();
    new Ran(3, 3, 3, 0, 1, Spread.of(new long[] {0, 1, 2})).require(checks, 3);
    assertThat(checks.failed()).isEmpty();

    new Ran(4, 3, 4, 0, 1, Spread.of(new long[] {0})).require(checks, 3);
    new Ran(2, 2, 2, 0, 1, Spread.of(new long[] {0})).require(checks, 3);
    new Ran(3, 3, 3, 1, 1, Spread.of(new long[] {0})).require(checks, 3);
    new Ran(3, 3, 3, 0, 1, Spread.of(new long[] {-1, 5})).require(checks, 3);
    assertThat(checks.failed()).hasSize(4);
  }

  @Test
  void the_target_notes_who_called_how_often_over_connections_that_stay_open() {
    try (Sink sink = Sink.start()) {
      int port = Integer.parseInt(sink.target(0).replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1"));
      try (HttpLine line = new HttpLine(port)) {
        assertThat(line.post("/n/0", "{\"n\":0}").status()).isEqualTo(200);
        assertThat(line.post("/n/1", "x".repeat(3_000)).status()).isEqualTo(200);
        assertThat(line.post("/n/1", "").status()).isEqualTo(200);
      }
      assertThat(sink.firstCall(1)).isPositive();
      Checks checks = new Checks();
      sink.require(checks, 3);
      assertThat(checks.failed())
          .singleElement()
          .asString()
          .contains("1 never called, 1 more than once");
      sink.forget();
      assertThat(sink.firstCall(1)).isZero();
    }
  }

  @Test
  void what_stock_nodes_noted_is_added_up() {
    StockJob.Report one = StockJob.Report.parse("2 1000 Aw==; 5,7");
    StockJob.Report none = StockJob.Report.parse("0 0 ; ");

    StockJob.Report both = one.and(none).and(StockJob.Report.parse("1 2000 Ag==; 9"));

    assertThat(both.count()).isEqualTo(3);
    assertThat(both.ran().cardinality()).isEqualTo(2);
    assertThat(both.last().toEpochMilli()).isEqualTo(2000);
    assertThat(both.lateness()).containsExactly(5, 7, 9);
    StockJob.forget();
    assertThat(StockJob.Report.parse(StockJob.report()).count()).isZero();
  }

  @Test
  void processor_time_and_memory_of_a_process_are_known_on_linux() {
    long own = ProcessHandle.current().pid();
    if (System.getProperty("os.name").equals("Linux")) {
      assertThat(Processor.millis(own)).isPositive();
      assertThat(Processor.peakMegabytes(own))
          .isGreaterThanOrEqualTo(Processor.residentMegabytes(own));
    }
    assertThat(Processor.millis(0)).isZero();
  }

  @Test
  void the_last_line_is_one_json_object_with_its_fields_in_order() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Page page = new Page(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    page.row("", "jobs/s");
    page.row("carillon", 1234.5);
    page.table();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("mode", "drain");
    figures.put("carillon", 1235);
    page.last(figures);

    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).contains("carillon   1,235");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("{\"mode\":\"drain\",\"carillon\":1235}");
  }
}
