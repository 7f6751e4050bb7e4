"""The faults that can meet this application, and the tests that show what it answers: the table of the drill."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One row: what happens, and the tests (node ids under `tests/`, a folder's or a file's too) that prove the answer.

    `why` says of a row without tests why this application cannot meet it.
    """

    number: int
    what: str
    tests: tuple[str, ...] = ()
    why: str = ""


TEXTS = "spaces/test_texts.py::test_"
IMAGES = "spaces/test_images.py::test_"
FILES = "pictures/test_files.py::test_"
VECTORS = "spaces/files/"
HOSTILE = "spaces/files/test_word_vectors_hostile.py::test_hostile_files_get_a_clear_sentence"
MAPS = "maps/test_projection.py::test_"
JOBS = "jobs/test_jobs.py::test_"
LANES = "jobs/test_lanes.py::test_"
TABLES = "tables/test_reading.py::test_"
LIVE = "drill/test_live.py::test_"
FOLDERS = "drill/test_folders.py::test_"
EXPORTS = "export/test_tables.py::test_"
SEGMENTS = "spaces/test_segmentation.py::test_"
LISTED = 88  # rows of the list of before; what follows was found on hard days

FAULTS = (
    Fault(1, "no text at all", ("pages/test_words.py::test_awkward_text_gets_a_picture_or_a_sentence",)),
    Fault(2, "spaces and line ends alone", (f"{TEXTS}awkward_text_becomes_these_items",)),
    Fault(
        3,
        "signs that nobody can see",
        ("pages/test_sentences.py::test_a_text_that_nobody_can_see_counts_as_none",),
    ),
    Fault(4, "half a surrogate pair", (f"{TEXTS}every_text_comes_in_usable",)),
    Fault(5, "emoji alone", ("models/test_unread.py", f"{TEXTS}families_of_emoji_stay_together")),
    Fault(
        6,
        "right-to-left text and marks that turn the direction",
        (f"{TEXTS}awkward_text_becomes_these_items",),
    ),
    Fault(7, "500 marks on one letter", (f"{TEXTS}piled_marks_are_cut_to_a_few",)),
    Fault(8, "HTML and scripts in text", ("browser/test_pages.py::test_what_is_typed_never_runs",)),
    Fault(
        9,
        "formulas with addresses",
        ("browser/test_stage.py::test_words_never_become_html_and_nothing_leaves",),
    ),
    Fault(10, "a Markdown image in text", ("pages/test_context.py::test_markup_stays_text",)),
    Fault(
        11,
        "a text of a million letters",
        (f"{TEXTS}a_megabyte_costs_little", f"{TEXTS}text_is_cut_at_the_limit"),
    ),
    Fault(
        12, "100,000 lines", ("pages/test_context.py::test_five_thousand_lines_are_cut_to_what_can_be_read",)
    ),
    Fault(
        13,
        "the address of a picture as text",
        ("models/test_image_text.py::test_a_text_is_never_fetched_or_opened",),
    ),
    Fault(
        14,
        "a path as text",
        ("models/test_sentence_model_safety.py::test_an_address_or_a_path_is_read_as_text",),
    ),
    Fault(15, "the same item twice", (f"{TEXTS}what_was_changed_is_said",)),
    Fault(
        16,
        "a word that a model lacks",
        ("models/test_words.py::test_unknown_words_are_named_with_the_nearest_spelling",),
    ),
    Fault(
        17,
        "cells that hold nothing or numbers",
        (f"{TABLES}numbers_keep_their_names", f"{TABLES}a_text_among_numbers_is_counted_with_its_row"),
    ),
    Fault(18, "forged values of widgets", (f"{LIVE}forged_values_of_widgets_do_no_harm",)),
    Fault(19, "an empty picture file", (f"{IMAGES}a_bad_file_gets_one_plain_sentence",)),
    Fault(20, "what is no picture", (f"{IMAGES}a_bad_file_gets_one_plain_sentence",)),
    Fault(21, "a picture that is cut", (f"{IMAGES}a_bad_file_gets_one_plain_sentence",)),
    Fault(22, "a picture with a wrong checksum", (f"{IMAGES}a_bad_file_gets_one_plain_sentence",)),
    Fault(23, "pixel bombs", (f"{IMAGES}a_bomb_is_refused_before_it_is_decoded",)),
    Fault(24, "a text bomb in a PNG", (f"{IMAGES}text_bomb_in_a_png",)),
    Fault(25, "an animation of 300 pictures", (f"{IMAGES}an_animation_gives_its_first_picture_and_says_so",)),
    Fault(
        26,
        "16-bit grey",
        (
            f"{IMAGES}16_bit_grey_keeps_its_brightness",
            f"{IMAGES}a_scan_of_few_bits_in_a_file_of_16_is_not_black",
        ),
    ),
    Fault(27, "transparent parts", (f"{IMAGES}transparent_parts_are_white",)),
    Fault(
        28,
        "CMYK, palettes, floating TIFF",
        (f"{IMAGES}other_modes_become_rgb", f"{IMAGES}floating_tiff_is_no_black_picture"),
    ),
    Fault(
        29,
        "orientations",
        (f"{IMAGES}every_exif_orientation_comes_upright", f"{IMAGES}a_garbage_orientation_is_ignored"),
    ),
    Fault(
        30,
        "one pixel, or one row of pixels",
        (f"{IMAGES}tiny_and_very_wide_pictures_open_and_have_thumbnails",),
    ),
    Fault(31, "HEIC without its package", (f"{IMAGES}without_the_package_a_heic_names_the_pip_command",)),
    Fault(
        32,
        "500 pictures at once",
        (f"{FILES}more_than_the_limit", "pictures/test_uploads.py::test_the_limit_holds_over_all_uploads"),
    ),
    Fault(
        33,
        "arrays of program objects",
        ("spaces/files/test_word_vectors_hostile.py::test_a_pickle_with_another_name_does_not_run", HOSTILE),
    ),
    Fault(34, "a broken header of an array", (HOSTILE,)),
    Fault(35, "an array that is cut or lies", (HOSTILE,)),
    Fault(36, "arrays of other shapes", (HOSTILE,)),
    Fault(
        37,
        "arrays of texts or complex numbers",
        (HOSTILE, "spaces/test_embedding_set.py::test_what_does_not_fit_is_told"),
    ),
    Fault(
        38,
        "an archive that explodes",
        ("spaces/files/test_word_vectors_hostile.py::test_archive_bombs_are_refused_before_they_unpack",),
    ),
    Fault(
        39,
        "an archive that lies",
        (
            "spaces/files/test_word_vectors_hostile.py::test_archive_bombs_are_refused_before_they_unpack",
            f"{FILES}an_archive_that_lies_about_a_size_is_refused",
        ),
    ),
    Fault(
        40,
        "rows with missing numbers",
        (
            "spaces/files/test_named_cases.py::test_rows_with_missing_or_infinite_numbers_are_left_out_and_counted",
        ),
    ),
    Fault(
        41,
        "all rows with missing numbers",
        (
            "spaces/files/test_named_cases.py::test_rows_with_missing_or_infinite_numbers_are_left_out_and_counted",
        ),
    ),
    Fault(42, "vectors that are all equal", (f"{MAPS}equal_vectors_are_one_point_and_it_is_said",)),
    Fault(43, "numbers at the ends of what can be written", (f"{MAPS}awkward_vectors_are_drawn",)),
    Fault(
        44,
        "none to four rows",
        (
            f"{MAPS}one_to_four_items_work",
            "pages/test_new_input.py::test_a_method_that_was_chosen_stays_and_too_few_words_are_drawn_by_pca",
        ),
    ),
    Fault(45, "settings beyond the number of items", (f"{MAPS}settings_stay_within_the_items",)),
    Fault(46, "one or two dimensions", (f"{MAPS}awkward_vectors_are_drawn",)),
    Fault(47, "more rows than the limit", (f"{TABLES}more_rows_than_the_limit_are_told",)),
    Fault(48, "a Parquet bomb", (f"{TABLES}a_parquet_bomb_is_stopped",)),
    Fault(49, "damaged Parquet", (f"{TABLES}bad_files_are_refused_in_a_sentence",)),
    Fault(
        50, "vectors of different lengths", (f"{TABLES}vectors_of_other_lengths_and_with_holes_are_left_out",)
    ),
    Fault(51, "an empty table, or its header alone", (f"{TABLES}bad_files_are_refused_in_a_sentence",)),
    Fault(
        52,
        "ragged lines, an open quotation mark",
        (f"{TABLES}ragged_lines_and_open_quotes_are_told_by_line",),
    ),
    Fault(
        53,
        "Latin-1, UTF-16, byte order marks",
        (f"{TABLES}windows_letters_are_read_and_told", f"{TABLES}a_german_spreadsheet"),
    ),
    Fault(54, "another format called CSV", (f"{TABLES}bad_files_are_refused_in_a_sentence",)),
    Fault(
        55,
        "a cell of 10 MB, 300 columns, more columns than the limit",
        (
            f"{TABLES}a_huge_cell_is_cut_and_told",
            f"{TABLES}one_row_and_many_columns_are_fine",
            f"{TABLES}more_columns_than_the_limit_are_refused",
        ),
    ),
    Fault(56, "bad lines of JSON", (f"{TABLES}json_told_by_line",)),
    Fault(57, "double and missing names of columns", (f"{TABLES}double_and_missing_names_get_their_own",)),
    Fault(58, "no text and no vector", ("tables/test_table_spaces.py::test_what_a_table_can_make_a_map_of",)),
    Fault(59, "damaged files of word vectors", (HOSTILE, "spaces/files/test_generated.py")),
    Fault(60, "formats that run code", (HOSTILE,)),
    Fault(
        61,
        "more rows than a header says",
        (HOSTILE, "spaces/files/test_word_vectors.py::test_glove_lines_of_every_shape"),
    ),
    Fault(
        62,
        "names of files that climb",
        (
            f"{FILES}names_are_labels_only",
            f"{FILES}a_climbing_archive_writes_nothing_and_its_good_files_go_through",
        ),
    ),
    Fault(
        63,
        "the right ending, the wrong content",
        ("spaces/files/test_word_vectors.py::test_the_type_is_told_by_content_not_by_name",),
    ),
    Fault(64, "a file over 50 MB", (f"{LIVE}a_file_over_the_limit_is_refused_while_it_arrives",)),
    Fault(
        65,
        "60 uploads in one visit",
        (
            "pictures/test_uploads.py::test_the_limit_holds_over_all_uploads",
            "spaces/test_static_words.py::test_the_oldest_go_where_all_are_too_large",
        ),
    ),
    Fault(
        66,
        "the same file twice",
        ("pictures/test_uploads.py::test_the_same_content_is_counted_and_the_same_name_numbered",),
    ),
    Fault(
        67,
        "a malformed name of a model",
        ("models/test_sentence_model_safety.py::test_a_malformed_name_is_told",),
    ),
    Fault(
        68,
        "a model that does not exist",
        ("models/test_downloads.py::test_a_model_that_is_not_there_is_told",),
    ),
    Fault(69, "no network", ("models/test_downloads.py::test_without_a_connection_it_is_told_at_once",)),
    Fault(
        70,
        "a download that is cut, a full disk",
        (
            "models/test_downloads.py::test_too_little_room_is_told_before",
            "models/test_word_downloads.py::test_a_broken_download_is_said",
        ),
    ),
    Fault(
        71,
        "a model over the limit",
        ("models/test_named_text_models.py::test_a_download_by_name_has_a_limit",),
    ),
    Fault(
        72,
        "weights or models that run code",
        (
            "models/test_sentence_model_safety.py::test_weights_that_run_code_are_refused",
            "models/test_sentence_model_safety.py::test_a_model_that_brings_its_own_code_is_refused",
        ),
    ),
    Fault(
        73,
        "a damaged model on the disk",
        (
            "models/test_registry.py::test_what_a_library_raises_becomes_a_sentence",
            "models/test_mapped_weights.py::test_what_is_cut_short_or_of_another_kind_is_refused",
            f"{FOLDERS}a_model_that_is_made_here_is_whole_or_not_there",
        ),
    ),
    Fault(
        74,
        "two visitors start UMAP together",
        (f"{LIVE}three_visitors_ask_for_umap_together", f"{JOBS}two_visitors_press_umap_together"),
    ),
    Fault(
        75,
        "a worker that crashes, hangs or swells",
        (
            f"{JOBS}a_crash_costs_one_job",
            f"{JOBS}a_job_over_time_is_stopped",
            f"{JOBS}the_worker_keeps_to_its_limits",
        ),
    ),
    Fault(
        76,
        "a visitor leaves during a job",
        (
            f"{LANES}a_caller_who_leaves_while_waiting_leaves_the_line",
            f"{LIVE}who_leaves_during_a_map_keeps_nobody_waiting",
        ),
    ),
    Fault(
        77,
        "one visitor changes twenty things at once",
        (f"{LIVE}of_twenty_changes_at_once_the_last_one_counts",),
    ),
    Fault(78, "a full line", (f"{JOBS}the_line_is_fair_and_limited",)),
    Fault(
        79,
        "a tokenizer used from elsewhere",
        ("models/test_minilm.py::test_other_users_of_the_tokenizer_change_nothing",),
    ),
    Fault(
        80,
        "200 visitors at once",
        (),
        "a load, not a fault: `tests/bench/bench_visitors.py 200 4` and `--heavy 20`",
    ),
    Fault(81, "a connection that breaks and returns", (f"{LIVE}who_comes_back_finds_what_was_typed",)),
    Fault(82, "a visitor who never reads", (f"{LIVE}a_visitor_who_never_reads_slows_nobody",)),
    Fault(83, "formulas as labels of a table", ("export/test_tables.py::test_a_formula_becomes_text",)),
    Fault(
        84,
        "labels that would end a script",
        ("export/test_html.py::test_a_script_cannot_end_its_own_element",),
    ),
    Fault(
        85,
        "a film that is too long",
        (
            "export/test_film_files.py::test_what_is_too_long_is_refused_beforehand_with_its_limit",
            "export/test_film_files.py::test_a_film_can_be_stopped",
        ),
    ),
    Fault(86, "a browser without WebGL", ("browser/test_stage.py::test_without_webgl_plotly_shows_the_map",)),
    Fault(
        87,
        "uploads of another visitor",
        (
            "pages/test_images.py::test_uploads_are_not_shared_between_visitors",
            "pages/test_word_spaces.py::test_nobody_sees_anothers_file",
        ),
    ),
    Fault(
        88,
        "an error that nobody expected",
        ("pages/test_shell.py::test_what_nobody_expected_is_one_sentence_with_a_code",),
    ),
    # beyond the list of before: the hard days
    Fault(89, "compiled code on the disk is damaged, or cannot be written", ("jobs/test_warm_up.py",)),
    Fault(90, "small work behind large work", (f"{LANES}a_small_job_does_not_wait_for_a_large_one",)),
    Fault(91, "files of vectors as other programs write them", ("spaces/files/test_named_cases.py",)),
    Fault(92, "generated files of every kind", ("spaces/files/test_generated.py",)),
    Fault(
        93,
        "text of every script",
        (
            f"{SEGMENTS}words_of_every_language_stay_whole",
            f"{SEGMENTS}scripts_without_blanks_are_named",
            f"{SEGMENTS}sentences_end_where_they_end",
        ),
    ),
    Fault(
        94,
        "a folder that is full, read-only, missing, half-written",
        (
            f"{FOLDERS}what_is_computed_once_is_done_without",
            f"{FOLDERS}vectors_reach_the_worker_or_a_sentence_says_why_not",
            f"{FOLDERS}the_words_of_a_package_are_read_all_the_same",
            f"{FOLDERS}a_model_that_is_made_here_is_whole_or_not_there",
            f"{FOLDERS}an_index_of_a_search_is_whole_or_not_there",
            f"{FOLDERS}uploaded_weights_are_refused_in_a_sentence",
            f"{FOLDERS}a_download_that_cannot_be_written_says_so",
            f"{FOLDERS}a_table_of_vectors_is_written_or_a_sentence_says_why_not",
            f"{FOLDERS}half_of_anything_is_as_good_as_nothing",
            f"{FOLDERS}a_record_cut_short_is_passed_over_and_the_others_are_there",
            f"{FOLDERS}what_a_killed_process_began_is_removed_after_a_day_and_no_sooner",
            "pages/test_shell.py::test_a_full_or_read_only_disk_has_its_sentence",
            "stage/test_stage_code.py::test_pure_parts",  # drafts in a browser whose store is full
        ),
    ),
    Fault(
        95,
        "two servers that write to one folder",
        (
            f"{FOLDERS}two_servers_that_write_at_once_both_have_the_whole",
            f"{FOLDERS}files_that_another_server_removes_meanwhile_are_no_fault",
            f"{FOLDERS}two_that_write_one_table_of_vectors_take_turns",
            "jobs/test_warm_up.py::test_workers_that_start_together_compile_once",
        ),
    ),
    Fault(
        96,
        "what is wrong with a folder, asked of `doctor`",
        (
            f"{FOLDERS}doctor_names_every_folder_and_what_is_wrong_with_it",
            f"{FOLDERS}doctor_knows_every_folder_that_is_named_in_the_code",
            "test_command_line.py::test_doctor_tells_what_is_installed",
        ),
    ),
    Fault(
        97,
        "caches that grow with visits",
        (
            "drill/test_budgets.py",
            f"{FOLDERS}a_folder_keeps_to_its_bytes_and_the_oldest_go_with_what_belongs_to_them",
        ),
    ),
    Fault(
        98,
        "one visitor who asks for very many computations",
        (
            f"{LANES}the_newest_of_a_visitor_takes_the_place_of_their_own_oldest_that_waits",
            f"{LANES}a_job_in_slices_counts_from_its_beginning_and_nobody_is_refused_for_their_own",
            f"{LANES}a_thread_in_the_background_works_for_the_visit_that_began_it",
            f"{LANES}each_line_counts_for_itself",
            f"{LANES}what_others_wait_for_too_does_not_give_way",
        ),
    ),
    Fault(
        99,
        "a wait without a place and a time",
        (
            f"{LANES}who_waits_hears_the_place_and_a_time",
            f"{LANES}whoever_draws_a_page_sees_the_place_and_a_time_for_every_job",
            "pages/test_waiting.py::test_the_place_is_drawn_while_it_lasts",
            "pages/test_waiting.py::test_every_page_introduces_its_visits",
        ),
    ),
    Fault(
        100,
        "heavy processes beside the server",
        (f"{LANES}many_items_go_into_the_heavy_lane_and_both_yield_to_the_server",),
    ),
    Fault(101, "generated tables and lists", ("tables/test_generated.py",)),
    Fault(
        102,
        "lists whose items hold commas",
        (f"{TEXTS}commas_stay_where_semicolons_or_lines_separate",),
    ),
    Fault(
        103,
        "files of ours opened here again",
        (
            "spaces/files/test_named_cases.py::test_what_we_write_we_read",
            f"{EXPORTS}rows_that_are_saved_open_here_again_as_they_were",
            f"{EXPORTS}the_vectors_of_a_table_come_back_with_their_names",
            f"{EXPORTS}a_guard_is_only_taken_off_where_every_cell_that_needs_one_has_it",
            f"{EXPORTS}every_csv_that_is_offered_has_the_mark",
        ),
    ),
    Fault(
        104,
        "an answer without headers, a foreign Host",
        (
            "packaging/test_headers.py",
            "packaging/test_processes.py::test_a_visitor_is_known_by_a_cookie_and_pages_are_fenced_in",
            f"{LIVE}the_first_answer_has_its_headers_and_a_foreign_name_gets_none",
        ),
    ),
    Fault(
        105,
        "a log that tells too much",
        (
            "packaging/test_logs.py",
            f"{LIVE}nothing_in_the_log_shows_a_path_a_trace_or_what_a_visitor_typed",
        ),
    ),
    Fault(
        106,
        "a file of words that nobody typed",
        ("pages/test_word_spaces.py::test_after_opening_a_file_its_first_words_are_on_the_map",),
    ),
    Fault(
        107,
        "an engine that does not start",
        ("pages/test_waiting.py::test_the_page_says_what_the_engine_does",),
    ),
)
