"""Which test answers which check of the trial that is open: sign-in (A), who may see what (B), import and export (D), mail (G)."""

import ast
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CHECKS = {
    "A01": ["invitation::an_invitation_is_one_mail_with_a_link_and_no_password"],
    "A02": ["invitation_link::a_link_is_looked_at_as_often_as_anyone_likes_and_spent_once"],
    "A03": [
        "invitation_link::of_two_who_spend_a_link_at_once_exactly_one_succeeds",
        "new_address::of_two_who_confirm_at_once_one_succeeds",
    ],
    "A04": ["invitation::a_second_click_sends_again_and_ends_the_older_link"],
    "A05": ["reset::a_link_works_for_one_hour"],
    "A06": [
        "reset::an_older_link_dies_with_what_it_was_made_for",
        "new_address::a_change_ends_older_links_to_choose_a_password",
        "invitation_link::a_withdrawn_link_stays_dead_when_access_is_given_again",
    ],
    "A08": ["reset::the_answer_is_the_same_whoever_asks", "signin::who_may_not_come_in_gets_one_answer"],
    "A11": [
        "guessing::after_ten_wrong_passwords_a_browser_waits_and_says_so",
        "guessing::the_owner_of_the_address_is_told_once",
    ],
    "A13": [
        "signin::signing_in_changes_the_session_and_the_old_one_is_dead",
        "staff_users::a_new_role_counts_at_once_and_ends_the_sessions",
        "user_sessions::the_key_of_the_session_changes_with_the_password",
    ],
    "A14": [
        "signin::who_loses_access_is_out_at_the_next_request",
        "signin::a_deactivated_staff_user_is_out_at_the_next_request",
    ],
    "A15": ["reset::a_new_password_ends_the_other_sessions_and_is_noticed"],
    "A16": [
        "new_address::a_contact_changes_the_own_address_and_the_client_file_follows",
        "new_address::staff_enter_another_address_and_it_waits_for_the_contact",
        "new_address::both_addresses_are_told_what_is_wanted",
        "second_factor::what_is_delicate_asks_for_the_password_where_the_sign_in_is_long_ago",
        "staff_users::another_address_of_who_signs_in_counts_once_its_mailbox_confirms_it",
    ],
    "A18": [
        "passwords::a_weak_password_is_refused_with_a_sentence_and_the_link_lives_on",
        "passwords::any_long_password_is_taken_and_works",
        "passwords::one_keyboards_letters_equal_anothers",
        "passwords::an_endless_password_is_a_wrong_one_and_is_never_hashed_as_typed",
    ],
    "A19": ["signin::next_leads_nowhere_but_into_the_own_area"],
    "A20": ["signin::sign_out_needs_a_post", "signin::a_post_from_another_page_has_no_effect"],
    "A23": ["reset::five_presses_leave_one_living_link_and_the_sixth_waits"],
    "B01": [
        "portal_answers::lists_counts_details_and_files_are_the_law_for_everybody",
        "crawl::a_contact_of_another_client_finds_what_there_is_not",
    ],
    "B04": ["portal_requests::what_is_not_on_the_form_is_not_taken", "two_people::an_edit_changes_only_what_its_form_shows"],
    "B05": [
        "portal_quotes::who_may_not_decide_sees_no_button_and_is_refused",
        "portal_quotes::what_cannot_be_decided_is_refused_with_a_sentence",
        "portal_quotes::a_decision_is_made_once_whatever_is_pressed_afterwards",
        "portal_quotes::a_quote_out_of_scope_is_not_decided",
    ],
    "B06": ["portal_doors::a_right_that_the_client_loses_is_gone_at_the_next_request_everywhere"],
    "B07": ["portal_answers::who_moves_sees_at_the_next_page_what_is_there_and_the_work_stays_where_it_was"],
    "B09": [
        "staff_users::who_may_not_manage_users_gives_no_rights_to_anybody",
        "import_invites::no_column_of_a_file_gives_a_right",
    ],
    "B11": ["history_is_for_ever::no_route_alters_an_entry_whoever_asks_and_whatever_is_sent"],
    "D01": [
        "import_template::exactly_the_required_columns_are_yellow",
        "import_template::the_template_filled_in_imports_beside_its_example_row",
        "import_template::the_template_of_each_kind_comes_back_without_an_error",
        "import_template::the_sample_imports_without_an_error",
    ],
    "D02": [
        "import_modes::every_mode_with_every_identifying_field",
        "import_modes::a_text_that_leads_to_two_names_both",
        "import_promises::what_happens_is_what_the_review_shows",
    ],
    "D03": ["round_trip::an_unchanged_file_changes_nothing_whatever_is_in_it"],
    "D05": ["import_invites::one_wrong_row_of_five_thousand_all_or_nothing"],
    "D06": ["reader_csv::encoding_delimiter_and_line_end_make_no_difference"],
    "D07": ["reader_xlsx::a_number_comes_out_as_its_format_shows_it"],
    "D09": ["reader_csv::a_text_file_is_read_as_its_writer_meant_it"],
    "D11": ["reader_hostile::a_hostile_file_gets_its_own_sentence_soon_and_cheaply"],
    "D13": ["import_match_page::what_is_in_doubt_stops_the_file_and_is_asked_before_its_rows_are_read"],
    "D14": [
        "spreadsheets::no_cell_of_a_workbook_is_a_formula",
        "spreadsheets::the_way_back_is_exact_for_every_text",
        "reader_libreoffice::what_libreoffice_saved_is_read_as_it_stands_there",
    ],
    "D15": [
        "import_pages::the_same_file_in_two_tabs_is_one_import",
        "import_two_people::the_same_file_twice_in_one_instant_for_one_client_is_one_import",
    ],
    "D17": ["import_invites::start_in_the_first_tab_imports_the_first_file_whatever_was_sent_meanwhile"],
    "D18": ["browser/import_journey::staff_import_ten_thousand_clients_from_the_template"],
    "D20": ["import_undo_pages::all_imports_are_listed_with_who_what_and_when_and_can_be_filtered"],
    "D21": ["import_invites::whom_an_import_brings_is_invited_once_each_after_its_end"],
    "G01": ["crm_mail::invitation_and_reset_are_sent_to_who_opted_out", "crm_mail::the_opt_out_is_asked_again_when_the_mail_leaves"],
    "G02": ["mail_kinds::a_mail_reads_as_its_reader_does"],
    "G04": [
        "bulk_invite::a_refused_address_is_marked_and_explains_itself_in_the_lists",
        "outbox::a_refused_recipient_fails_for_good_or_waits_and_never_holds_up_others",
    ],
}


def test_each_open_check_of_sign_in_sight_import_and_mail_has_its_tests():
    missing = []
    for file, test in (named.split("::") for tests in CHECKS.values() for named in tests):
        if f"test_{test}" not in _tests_of(file):
            missing.append(f"{file}::{test}")
    assert missing == []


@cache
def _tests_of(file: str) -> set[str]:
    folder, _slash, name = file.rpartition("/")
    return {one.name for one in ast.parse((HERE / folder / f"test_{name}.py").read_text()).body if isinstance(one, ast.FunctionDef)}
