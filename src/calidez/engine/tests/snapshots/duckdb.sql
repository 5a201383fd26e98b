SELECT
  "period_start",
  "branch",
  "s0",
  COUNT("x0") AS "a0",
  COUNT("x1") AS "a1",
  COUNT("x2") AS "a2",
  SUM("x2") AS "a3",
  SUM("x3") AS "a4",
  COUNT("x4") AS "a5",
  SUM("x4") AS "a6",
  SUM("x5") AS "a7",
  COUNT("x6") AS "a8",
  SUM("x6") AS "a9",
  SUM("x6" * "x6") AS "a10",
  MIN("x6") AS "a11",
  MAX("x6") AS "a12",
  LIST("x6") FILTER(WHERE
    NOT "x6" IS NULL) AS "a13",
  COUNT("x7") AS "a14",
  SUM("x8") AS "a15",
  SUM("x9") AS "a16",
  MIN("x7") AS "a17",
  MAX("x7") AS "a18",
  SUM("x10") AS "a19",
  COUNT("x11") AS "a20",
  SUM("x11") AS "a21",
  SUM("x11" * "x11") AS "a22",
  MIN("x11") AS "a23",
  MAX("x11") AS "a24",
  LIST("x11") FILTER(WHERE
    NOT "x11" IS NULL) AS "a25",
  QUANTILE_DISC("x6", 0.9) AS "a26",
  COUNT("x12") AS "a27",
  COUNT("x13") AS "a28",
  SUM("x13") AS "a29",
  SUM("x14") AS "a30",
  COUNT("x15") AS "a31",
  SUM("x15") AS "a32",
  SUM("x16") AS "a33",
  COUNT("x17") AS "a34",
  SUM("x17") AS "a35",
  SUM("x18") AS "a36",
  COUNT("x19") AS "a37",
  SUM("x19") AS "a38",
  SUM("x19" * "x19") AS "a39",
  MIN("x19") AS "a40",
  MAX("x19") AS "a41",
  COUNT(CASE WHEN "x19" >= 9 THEN 1 END) AS "a42",
  COUNT(CASE WHEN "x19" <= 6 THEN 1 END) AS "a43",
  COUNT("x20") AS "a44",
  SUM("x21") AS "a45",
  SUM("x22") AS "a46",
  MIN("x20") AS "a47",
  MAX("x20") AS "a48",
  SUM("x23") AS "a49",
  SUM(CASE WHEN "x19" >= 9 THEN "x24" END) AS "a50",
  SUM(CASE WHEN "x19" <= 6 THEN "x24" END) AS "a51"
FROM (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    "branch" AS "branch",
    "channel" AS "s0",
    CASE WHEN (
      "channel" <> 'mail'
    ) THEN (
      "waiting" <= 10
    ) END AS "x0",
    CASE WHEN (
      "channel" <> 'mail'
    ) AND (
      "waiting" <= 10
    ) THEN 1 END AS "x1",
    CASE
      WHEN NOT "solved" IS NULL AND NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x2",
    CASE WHEN "solved" THEN CAST("weight" AS DOUBLE) END AS "x3",
    CASE
      WHEN NOT CAST((
        CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST("score" AS DOUBLE)
    END AS "x4",
    CASE
      WHEN NOT CAST((
        CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST((
        CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
      ) AS DOUBLE)
    END AS "x5",
    CAST("waiting" AS DOUBLE) AS "x6",
    CASE WHEN NOT CAST("weight" AS DOUBLE) IS NULL THEN CAST("score" AS DOUBLE) END AS "x7",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      THEN (
        CAST("weight" AS DOUBLE) * CAST("score" AS DOUBLE)
      )
    END AS "x8",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      THEN (
        CAST("weight" AS DOUBLE) * CAST("score" AS DOUBLE) * CAST("score" AS DOUBLE)
      )
    END AS "x9",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x10",
    CAST((
      CAST("waiting" AS DOUBLE) - CAST(20 AS DOUBLE)
    ) AS DOUBLE) AS "x11",
    CASE WHEN (
      "score" < 5
    ) THEN 1 END AS "x12",
    CASE
      WHEN NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) IS NULL
      AND NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE)
    END AS "x13",
    CASE
      WHEN NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) IS NULL
      AND NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x14",
    CASE
      WHEN NOT CAST("score" AS DOUBLE) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE) IS NULL
      THEN CAST("score" AS DOUBLE)
    END AS "x15",
    CASE
      WHEN NOT CAST("score" AS DOUBLE) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE) IS NULL
      THEN CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE)
    END AS "x16",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE)
    END AS "x17",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST("score" AS DOUBLE)
    END AS "x18",
    CASE
      WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
      THEN CAST("score" AS DOUBLE)
    END AS "x19",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CASE
        WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
        THEN CAST("score" AS DOUBLE)
      END
    END AS "x20",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      THEN (
        CAST("weight" AS DOUBLE) * CASE
          WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
          THEN CAST("score" AS DOUBLE)
        END
      )
    END AS "x21",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      THEN (
        CAST("weight" AS DOUBLE) * CASE
          WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
          THEN CAST("score" AS DOUBLE)
        END * CASE
          WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
          THEN CAST("score" AS DOUBLE)
        END
      )
    END AS "x22",
    CASE
      WHEN NOT CAST("weight" AS DOUBLE) IS NULL
      AND NOT CASE
        WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
        THEN CAST("score" AS DOUBLE)
      END IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x23",
    CAST("weight" AS DOUBLE) AS "x24"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start",
  "branch",
  "s0";

SELECT
  "period_start",
  COUNT("x0") AS "a0",
  SUM("x0") AS "a1",
  SUM("x0" * "x0") AS "a2",
  MIN("x0") AS "a3",
  MAX("x0") AS "a4"
FROM (
  SELECT
    CAST(TIMEZONE('Europe/Madrid', "at") AS DATE) AS "period_start",
    CASE
      WHEN (
        (
          "at" < CAST('2024-01-20 00:00:00+00:00' AS TIMESTAMPTZ)
        )
        AND (
          "day" > CAST('2024-01-02' AS DATE)
        )
      )
      THEN CAST((
        CAST((
          CAST((
            CAST((
              CAST((
                CAST(EXTRACT(HOUR FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE) + CAST(EXTRACT(ISODOW FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE)
              ) AS DOUBLE) + CAST((
                (
                  CAST(EPOCH_US("at") AS DOUBLE) / 1000000 - CAST(EPOCH_US("at") AS DOUBLE) / 1000000
                ) / CAST(60 AS DOUBLE)
              ) AS DOUBLE)
            ) AS DOUBLE) + CAST(LENGTH(LOWER("channel")) AS DOUBLE)
          ) AS DOUBLE) + CAST((
            SIGN(CAST("waiting" AS DOUBLE)) * (
              FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
            )
          ) AS DOUBLE)
        ) AS DOUBLE) + CAST((
          CAST("waiting" AS DOUBLE) - CAST(3 AS DOUBLE) * FLOOR((
            CAST("waiting" AS DOUBLE) / NULLIF(CAST(3 AS DOUBLE), 0)
          ))
        ) AS DOUBLE)
      ) AS DOUBLE)
    END AS "x0"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
    AND (
      "at" >= CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ)
      AND "at" < CAST('2024-02-01 00:00:00+00:00' AS TIMESTAMPTZ)
    )
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    DATE_TRUNC('hour', MAKE_TIMESTAMP(EPOCH_US("at"))) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST('0001-01-01' AS DATE) + CAST((
      EPOCH_US("at") + 62135596800000000
    ) // 86400000000 AS INT) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('week', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('quarter', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('year', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";
